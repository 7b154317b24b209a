"""`python -m para_bench`."""

from para_bench.cli import main

if __name__ == "__main__":
    main()
