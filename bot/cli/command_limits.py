"""`python -m bot.cli.command_limits`: check that the declared commands leave a tenth of both platforms' limits free.

`--names FILE` counts the longest name in any language of that file, as Discord does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from adapters.discord.inbound import localization
from adapters.discord.inbound.command_limits import CommandMeasures
from adapters.slack.inbound.command_limits import measures
from bot.chat.limits import LimitUsage
from bot.errors import UserError
from bot.features.registry import all_commands


def main(argv: Sequence[str]) -> int:
    """Print the measures over their limit, or else the fullest of each kind. Returns the exit code: 1 if any is
    over.
    """
    parser = argparse.ArgumentParser(prog="python -m bot.cli.command_limits", description=__doc__)
    parser.add_argument("--names", default="", metavar="FILE", help="names in other languages, as Discord gets them")
    given = parser.parse_args(argv)
    try:
        translations = localization.load_translations(given.names)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    found = [*CommandMeasures(all_commands, names=translations.names).all(), *measures(all_commands)]
    if over := [measure for measure in found if not measure.fits]:
        sys.stderr.writelines(f"{measure}\n" for measure in over)
        return 1
    sys.stdout.writelines(f"{measure}\n" for measure in fullest(found))
    return 0


def fullest(found: Iterable[LimitUsage]) -> list[LimitUsage]:
    """The fullest measure of each limit that must leave room to grow, fullest first."""

    def filled(measure: LimitUsage) -> float:
        return measure.used / measure.allowed

    ranked = sorted((measure for measure in found if measure.reserved), key=filled)
    best = {(measure.unit, measure.limit): measure for measure in ranked}
    return sorted(best.values(), key=filled, reverse=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
