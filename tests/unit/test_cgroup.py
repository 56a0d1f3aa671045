"""CPU quotas of control groups, in a made-up file system."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastshesha._resources.cgroup import cpu_quota


def write(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(root)


V2 = "proc/self/cgroup"
UNIFIED = "sys/fs/cgroup"


@pytest.mark.parametrize(
    ("cpu_max", "expected"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("100001 100000", 2),
        ("50000 100000\n", 1),
        ("max 100000\n", None),
        ("max", None),
        ("", None),
        ("\n", None),
        ("200000", None),
        ("200000 0", None),
        ("-1 100000", None),
        ("0 100000", None),
        ("two hundred", None),
        ("\x00\xff", None),
    ],
)
def test_version_2(tmp_path: Path, cpu_max: str, expected: int | None) -> None:
    root = write(tmp_path, {V2: "0::/job\n", f"{UNIFIED}/job/cpu.max": cpu_max})
    assert cpu_quota(root) == expected


def test_the_tightest_group_on_the_way_up_holds(tmp_path: Path) -> None:
    files = {
        V2: "0::/slice/job/step\n",
        f"{UNIFIED}/slice/cpu.max": "300000 100000",
        f"{UNIFIED}/slice/job/cpu.max": "700000 100000",
        f"{UNIFIED}/slice/job/step/cpu.max": "max 100000",
    }
    assert cpu_quota(write(tmp_path, files)) == 3


@pytest.mark.parametrize("group", ["/", "/docker/0123", "/../../outside", ""])
def test_inside_a_container_the_limit_is_at_the_top(tmp_path: Path, group: str) -> None:
    root = write(tmp_path, {V2: f"0::{group}\n", f"{UNIFIED}/cpu.max": "400000 100000\n"})
    assert cpu_quota(root) == 4


@pytest.mark.parametrize("mount", ["cpu", "cpu,cpuacct"])
@pytest.mark.parametrize("group", ["/kube/pod", "/not/mounted"])
def test_version_1(tmp_path: Path, mount: str, group: str) -> None:
    folder = f"{UNIFIED}/{mount}"
    files = {
        V2: f"9:name=systemd:/\n4:memory:/other\n3:cpu,cpuacct:{group}\n2:cpuset:/\n0::/\n",
        f"{folder}/cpu.cfs_quota_us": "600000\n",
        f"{folder}/cpu.cfs_period_us": "100000\n",
        f"{folder}/kube/pod/cpu.cfs_quota_us": "250000\n",
        f"{folder}/kube/pod/cpu.cfs_period_us": "100000\n",
        f"{UNIFIED}/cpuset/cpu.cfs_quota_us": "100000\n",
        f"{UNIFIED}/cpuset/cpu.cfs_period_us": "100000\n",
    }
    assert cpu_quota(write(tmp_path, files)) == (3 if group == "/kube/pod" else 6)


def test_version_1_without_a_limit(tmp_path: Path) -> None:
    files = {
        V2: "1:cpu:/\n",
        f"{UNIFIED}/cpu/cpu.cfs_quota_us": "-1\n",
        f"{UNIFIED}/cpu/cpu.cfs_period_us": "100000\n",
    }
    assert cpu_quota(write(tmp_path, files)) is None


@pytest.mark.parametrize("text", ["", "garbage", "0::", ":::::", "7:cpu", "\x00\n0::/a"])
def test_unreadable_lists_of_groups_are_no_limit(tmp_path: Path, text: str) -> None:
    assert cpu_quota(write(tmp_path, {V2: text})) is None


def test_a_system_without_control_groups(tmp_path: Path) -> None:
    assert cpu_quota(str(tmp_path)) is None


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / UNIFIED / "cpu.max").mkdir(parents=True)
    assert cpu_quota(write(tmp_path, {V2: "0::/\n"})) is None
