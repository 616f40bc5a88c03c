"""`indexer completion`: a script that completes both commands in a shell, made from the commands' own options."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple


class _Option(NamedTuple):
    """A way to write an option, what it does, and what may follow: nothing, one of some words, or anything."""

    flags: tuple[str, ...]
    help: str
    takes: bool
    choices: tuple[str, ...]


def script(shell: str, commands: Mapping[str, argparse.ArgumentParser]) -> str:
    """The script of a shell (a key of SHELLS) for some commands, by name."""
    return "\n".join(line for name, parser in commands.items() for line in SHELLS[shell](name, parser)) + "\n"


def _options(parser: argparse.ArgumentParser) -> list[_Option]:
    found = []
    for action in parser._actions:  # argparse has no other way to list them
        if action.option_strings and action.help != argparse.SUPPRESS:
            choices = tuple(map(str, action.choices or ()))
            text = " ".join((action.help or "").split())
            found.append(_Option(tuple(action.option_strings), text, action.nargs != 0, choices))
    return found


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    groups = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: sub for group in groups for name, sub in group.choices.items()}


def _bash(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """Options and choices; else file names, as the shell does by itself."""
    subcommands = _subcommands(parser)
    yield f"_{name}_complete() {{"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"'
    yield '  case "${COMP_WORDS[1]}" in'
    for sub, own in subcommands.items():
        yield f"    {sub}) local flags={shlex.quote(_flags(own))} ;;"
    yield f"    *) local flags={shlex.quote(_flags(parser))} ;;"
    yield "  esac"
    yield '  case "$before" in'
    for option in {
        option.flags: option for one in (parser, *subcommands.values()) for option in _options(one)
    }.values():
        if option.choices:
            words = shlex.quote(" ".join(option.choices))
            yield f'    {"|".join(option.flags)}) COMPREPLY=($(compgen -W {words} -- "$word")); return ;;'
    yield "  esac"
    if subcommands:
        words = shlex.quote(" ".join(subcommands))
        yield f'  [[ $COMP_CWORD == 1 && $word != -* ]] && {{ COMPREPLY=($(compgen -W {words} -- "$word")); return; }}'
    yield '  [[ $word == -* ]] && COMPREPLY=($(compgen -W "$flags" -- "$word"))'
    yield "}"
    yield f"complete -o default -F _{name}_complete {name}"


def _flags(parser: argparse.ArgumentParser) -> str:
    return " ".join(flag for option in _options(parser) for flag in option.flags)


def _zsh(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    subcommands = _subcommands(parser)
    yield f"_{name}() {{"
    if subcommands:
        described = " ".join(shlex.quote(f"{sub}:{_first(own)}") for sub, own in subcommands.items())
        yield f"  local -a commands=({described})"
        yield "  if (( CURRENT == 2 )); then _describe 'команда' commands; return; fi"
        yield '  case "$words[2]" in'
        for sub, own in subcommands.items():
            yield f"    {sub}) _arguments -s {' '.join(_zsh_options(own))} '*:файл:_files' ;;"
        yield "  esac"
    else:
        yield f"  _arguments -s {' '.join(_zsh_options(parser))} '*:запрос:_files'"
    yield "}"
    yield f"compdef _{name} {name}"


def _zsh_options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for option in _options(parser):
        text = option.help.replace("[", "(").replace("]", ")").replace(":", r"\:")
        value = (f":значение:({' '.join(option.choices)})" if option.choices else ":значение:_files") * option.takes
        for flag in option.flags:
            yield shlex.quote(f"*{flag}[{text}]{value}")


def _first(parser: argparse.ArgumentParser) -> str:
    return (parser.description or "").partition(".")[0].replace(":", r"\:")


def _fish(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    subcommands = _subcommands(parser)
    for sub, own in subcommands.items():
        yield f"complete -c {name} -n __fish_use_subcommand -a {sub} -d {shlex.quote(_first(own))}"
        yield from _fish_options(f"{name} -n '__fish_seen_subcommand_from {sub}'", own)
    if not subcommands:
        yield from _fish_options(name, parser)


def _fish_options(command: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    for option in _options(parser):
        flags = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags)
        choices = f" -x -a {shlex.quote(' '.join(option.choices))}" if option.choices else " -r" * option.takes
        yield f"complete -c {command} {flags}{choices} -d {shlex.quote(option.help)}"


SHELLS: dict[str, Callable[[str, argparse.ArgumentParser], Iterator[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
