#include "item_sort.hpp"

#include <algorithm>
#include <bit>

#include "kernels/dispatch.hpp"
#include "radix_sort.hpp"

namespace fastshesha {
namespace {

static_assert(sort_padding >= sort_overread);

constexpr std::size_t n_pivot_samples = 8;
// Quicksort that splits this badly meets constructed data; radix sort does not mind.
constexpr int worst_depth_factor = 3;

/// Which of two buffers of equal length an intermediate result lies in, and which one it has to
/// end in.
struct Place {
    std::uint64_t* source;
    std::uint64_t* other;
    bool ends_in_source;

    Place after(std::size_t n) const { return {source + n, other + n, ends_in_source}; }
    Place swapped() const { return {other, source, !ends_in_source}; }
    std::uint64_t* target() const { return ends_in_source ? source : other; }
};

class QuickSort {
public:
    QuickSort(const Kernels& kernels, int position_bits)
        : kernels_(kernels), position_bits_(position_bits) {}

    void sort(const Place& place, std::size_t n, int depth_left) const {
        if (n <= max_sorted_directly) {
            kernels_.sort_few(place.source, n, place.target());
            return;
        }
        if (depth_left == 0) {
            radix_sort(place.source, place.other, n, position_bits_);
            if (!place.ends_in_source) {
                std::copy_n(place.source, n, place.other);
            }
            return;
        }
        const std::size_t n_below =
            kernels_.partition(place.source, n, choose_pivot(place.source, n), place.other);
        const Place next = place.swapped();
        sort(next, n_below, depth_left - 1);
        sort(next.after(n_below), n - n_below, depth_left - 1);
    }

private:
    std::uint64_t choose_pivot(const std::uint64_t* items, std::size_t n) const {
        std::uint64_t samples[n_pivot_samples + sort_overread] = {};
        for (std::size_t s = 0; s < n_pivot_samples; ++s) {
            samples[s] = items[(2 * s + 1) * n / (2 * n_pivot_samples)];
        }
        std::uint64_t sorted[n_pivot_samples];
        kernels_.sort_few(samples, n_pivot_samples, sorted);
        return sorted[n_pivot_samples / 2];
    }

    const Kernels& kernels_;
    const int position_bits_;
};

}  // namespace

void sort_items(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int position_bits) {
    const Kernels& kernels = active_kernels();
    if (kernels.partition == nullptr) {
        radix_sort(items, scratch, n, position_bits);
        return;
    }
    const int depth = worst_depth_factor * static_cast<int>(std::bit_width(n));
    QuickSort(kernels, position_bits).sort({items, scratch, true}, n, depth);
}

}  // namespace fastshesha
