"""How fast Ruff programs run next to the same programs in other languages. See docs/benchmarks.md."""
