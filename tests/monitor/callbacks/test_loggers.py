"""What `to_dict` returns arrives in the loggers as it is."""

from __future__ import annotations

import json
import math
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastshesha.monitor import MonitorWarning, TrainingMonitor
from monitor.callbacks.material import LABELS, PROBES


@pytest.fixture(name="checks")
def checks_of_a_run() -> list[dict[str, float]]:
    """The flat numbers of three epochs; the last holds NaN."""
    monitor, checks = TrainingMonitor(n_splits=2), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        for size in (1.0, 0.5, 0.0):
            checks.append(monitor.update(PROBES * size, LABELS, loss=size).to_dict())
    assert math.isnan(checks[-1]["shesha/stability"])
    return checks


def test_wandb_takes_them_offline(
    checks: list[dict[str, float]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wandb: Any = pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_SILENT", "true")
    run = wandb.init(mode="offline", project="shesha", dir=str(tmp_path))
    run.define_metric("shesha/*", step_metric="epoch")
    for epoch, flat in enumerate(checks):
        run.log({"epoch": epoch, **flat})
    summary = {name: run.summary[name] for name in checks[-1]}
    run.finish()
    # wandb's own process may still be writing when ``finish`` returns.
    wandb.teardown()
    (written,) = tmp_path.rglob("*.wandb")
    rows = list(wandb_rows(written))
    assert [row["epoch"] for row in rows] == [0, 1, 2]
    for row, flat in zip(rows, checks, strict=True):
        assert {name: float(row[name]) for name in flat} == pytest.approx(flat, nan_ok=True)
    assert summary["shesha/energy"] == 0.0


def wandb_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a run, read from its own file, a log of one block in the format of LevelDB."""
    from wandb.proto import wandb_internal_pb2

    content = path.read_bytes()
    assert content.startswith(b":W&B")
    assert len(content) < 1 << 15, "records are not split between blocks"
    position = 7
    while position < len(content):
        _, length, _ = struct.unpack_from("<IHB", content, position)
        position += 7
        record: Any = wandb_internal_pb2.Record()
        record.ParseFromString(content[position : position + length])
        position += length
        if record.WhichOneof("record_type") == "history":
            names = [item.key or "/".join(item.nested_key) for item in record.history.item]
            values = [json.loads(item.value_json) for item in record.history.item]
            yield dict(zip(names, values, strict=True))


def test_tensorboard_reads_back_what_was_written(
    checks: list[dict[str, float]], tmp_path: Path
) -> None:
    board: Any = pytest.importorskip("tensorboardX")
    accumulators: Any = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator"
    )
    with board.SummaryWriter(str(tmp_path)) as writer:
        for epoch, flat in enumerate(checks):
            for name, value in flat.items():
                writer.add_scalar(name, value, epoch)
    read = accumulators.EventAccumulator(str(tmp_path))
    read.Reload()
    assert set(read.Tags()["scalars"]) == {name for flat in checks for name in flat}
    for name in checks[0]:
        points = read.Scalars(name)
        assert [point.step for point in points] == [0, 1, 2]
        expected = [flat[name] for flat in checks]
        assert [point.value for point in points] == pytest.approx(expected, rel=1e-6, nan_ok=True)


def test_mlflow_keeps_them_in_sqlite(checks: list[dict[str, float]], tmp_path: Path) -> None:
    mlflow: Any = pytest.importorskip("mlflow")
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'runs.db'}")
    with mlflow.start_run() as run:
        for epoch, flat in enumerate(checks):
            mlflow.log_metrics(flat, step=epoch)
    client = mlflow.MlflowClient()
    for name in checks[0]:
        points = client.get_metric_history(run.info.run_id, name)
        found = [point.value for point in sorted(points, key=lambda point: point.step)]
        assert found == pytest.approx([flat[name] for flat in checks], nan_ok=True)
