"""Native builtin functions, one module an area; `registry` collects them."""
