"""`para-bench completion`: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tyro.conf import Positional


@dataclass(frozen=True)
class Completion:
    """Print the completion script of bash, zsh or fish: commands, options and their values.

    bash: para-bench completion bash > ~/.local/share/bash-completion/completions/para-bench

    zsh, with ~/.zfunc in fpath: para-bench completion zsh > ~/.zfunc/_para-bench

    fish: para-bench completion fish > ~/.config/fish/completions/para-bench.fish
    """

    shell: Positional[Literal["bash", "zsh", "fish"]]

    def __call__(self) -> None:
        from tyro.extras import subcommand_cli_from_dict

        from para_bench.commands import COMMANDS, find_command

        commands = {name: find_command(name) for name in COMMANDS}
        subcommand_cli_from_dict(commands, prog="para-bench", args=["--tyro-print-completion", self.shell])
