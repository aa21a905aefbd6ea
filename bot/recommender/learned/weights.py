"""A club's weights in a file: with the version of their form and the time of their training, and no code in it."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sparse

from bot.locale.current import mark_text
from bot.recommender.learned.author_tables import AuthorTables
from bot.recommender.learned.base_models import BaseModels
from bot.recommender.values import ModelUnusable

Result = TypeVar("Result")

WEIGHTS_VERSION = 3
UNREADABLE = mark_text("What the ranking had learned could not be read, so it was learned again.")
OTHER_VERSION = mark_text("What the ranking had learned came from another version, so it was learned again.")


@dataclass(frozen=True)
class Weights:
    """Model learned from one taste: its weights, the rarity of words, the time, and the number of choices behind it."""

    models: BaseModels
    idf: Any
    trained_at: datetime
    choices: int
    voted_share: float
    """The part of them that is votes alone: so much the crowd's second stage counts, and the rest the curators'."""


def save(weights: Weights, path: Path) -> None:
    """Write the weights; a crash leaves the old file."""
    models = weights.models
    label = {"version": WEIGHTS_VERSION, "trained_at": weights.trained_at.isoformat()}
    head = {
        "choices": weights.choices,
        "voted_share": weights.voted_share,
        "liked_keys": list(models.liked_keys),
        "authors": asdict(models.authors),
        "category_odds": models.category_odds,
        "words": list(models.words),
        "mixed": list(models.mixed),
    }
    arrays: dict[str, Any] = {"idf": weights.idf, "liked_ages": models.liked_ages}
    for name, columns in (*models.words.items(), *models.mixed.items(), ("centroid", models.centroid)):
        places = np.flatnonzero(columns)
        arrays |= {
            f"{name}.places": places.astype(np.int32), f"{name}.values": columns[places],
            f"{name}.size": np.array(len(columns)),
        }  # fmt: skip
    for name, rows in (("liked", models.liked), ("known", models.known)):
        arrays |= {
            f"{name}.data": rows.data, f"{name}.indices": rows.indices, f"{name}.starts": rows.indptr,
            f"{name}.shape": np.array(rows.shape),
        }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, label=_text(label), head=_text(head), **arrays)
    os.replace(unfinished, path)


def load(path: Path) -> Weights:
    """The weights of a file. Raises ModelUnusable, with a sentence, if it is of another version or broken."""
    return _read(path, _weights)


def trained_at(path: Path) -> datetime:
    """Time of the training of a file's weights, read alone. Raises ModelUnusable as `load` does."""
    return _read(path, lambda label, _: datetime.fromisoformat(label["trained_at"]))


def _read(path: Path, read: Callable[[Mapping[str, Any], Any], Result]) -> Result:
    """Result of a function of a file's label and arrays. Raises ModelUnusable if unreadable or of another version."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            label: Mapping[str, Any] = json.loads(bytes(file["label"]))
            version = label["version"]
            if version == WEIGHTS_VERSION:
                return read(label, file)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelUnusable(UNREADABLE) from error
    raise ModelUnusable(OTHER_VERSION)


def _text(value: object) -> Any:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _weights(label: Mapping[str, Any], file: Any) -> Weights:
    head: Mapping[str, Any] = json.loads(bytes(file["head"]))
    models = BaseModels(
        {name: _columns(file, name) for name in head["words"]},
        {name: _columns(file, name) for name in head["mixed"]},
        _columns(file, "centroid"),
        _rows(file, "liked"),
        file["liked_ages"],
        head["liked_keys"],
        _rows(file, "known"),
        AuthorTables(**head["authors"]),
        head["category_odds"],
    )
    at = datetime.fromisoformat(label["trained_at"])
    return Weights(models, file["idf"], at, head["choices"], head["voted_share"])


def _columns(file: Any, name: str) -> Any:
    columns = np.zeros(int(file[f"{name}.size"]), dtype=np.float32)
    columns[file[f"{name}.places"]] = file[f"{name}.values"]
    return columns


def _rows(file: Any, name: str) -> Any:
    parts = (file[f"{name}.data"], file[f"{name}.indices"], file[f"{name}.starts"])
    return sparse.csr_matrix(parts, shape=tuple(file[f"{name}.shape"]))
