"""The JIT: hot functions and loops become machine code through the same opcode meanings."""
