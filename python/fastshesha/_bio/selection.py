"""Selection in place, permuting a list exactly as the GNU C++ library's ``nth_element`` does."""

from __future__ import annotations

_SMALL = 3


def select_in_place(numbers: list[int], nth: int) -> None:
    """Permute distinct numbers so that position ``nth`` holds what sorting would put there.

    Smaller numbers come to lie before it, larger ones behind: a quicksort by the median of
    three that follows one side only, and sorts what is left when it is three or fewer.
    """
    first, last = 0, len(numbers)
    if nth == last:
        return
    while last - first > _SMALL:
        _move_median_to_first(numbers, first, last)
        cut = _partition(numbers, first, last)
        if cut <= nth:
            first = cut
        else:
            last = cut
    numbers[first:last] = sorted(numbers[first:last])


def _move_median_to_first(numbers: list[int], first: int, last: int) -> None:
    """Swap the first number with the median of the second, the middle and the last."""
    three = (first + 1, first + (last - first) // 2, last - 1)
    median = sorted(three, key=numbers.__getitem__)[1]
    numbers[first], numbers[median] = numbers[median], numbers[first]


def _partition(numbers: list[int], first: int, last: int) -> int:
    """Bring numbers below the first one to the front; where the others begin."""
    pivot = numbers[first]
    low, high = first + 1, last
    while True:
        while numbers[low] < pivot:
            low += 1
        high -= 1
        while pivot < numbers[high]:
            high -= 1
        if low >= high:
            return low
        numbers[low], numbers[high] = numbers[high], numbers[low]
        low += 1
