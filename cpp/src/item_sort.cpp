#include "item_sort.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "bucket_sort.hpp"
#include "kernels/dispatch.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

void sort_on(int n_threads, const Place& place, std::size_t n, int top, int lowest_bit,
             const WriteItems& write);

/// BucketSort::split() by several threads: each deals its parts of the items, for which a bucket
/// has places in the order of the parts, then sorts its share of the buckets.
class SharedSplit {
public:
    SharedSplit(const Place& place, std::size_t n, int top, int lowest_bit, int n_threads)
        : place_(place),
          n_(n),
          lowest_bit_(lowest_bit),
          n_threads_(n_threads),
          digit_(dealing_digit(n, top, lowest_bit)),
          counts_(n_parts_for(n_threads)) {}

    void sort(const WriteItems& write) {
        share_parts(n_, n_threads_, [&](std::size_t part, std::size_t begin, std::size_t end) {
            write(begin, end);
            count_many(place_.source + begin, end - begin, digit_, counts_[part].data());
        });
        find_begins();
        share_parts(n_, n_threads_, [this](std::size_t part, std::size_t begin, std::size_t end) {
            deal_many(place_.source + begin, end - begin, digit_, counts_[part].data(),
                      place_.other);
        });
        const std::size_t crowded = sort_crowded();
        share_parts(n_, n_threads_, [=, this](std::size_t, std::size_t begin, std::size_t end) {
            sort_buckets(first_beyond(begin), first_beyond(end), crowded);
        });
    }

private:
    void find_begins() {
        std::uint32_t before = 0;
        for (std::size_t cell = 0; cell < digit_.n_cells(); ++cell) {
            for (CellCounts& counts : counts_) {
                before += std::exchange(counts[cell], before);
            }
        }
    }

    std::size_t begin_of(std::size_t cell) const {
        return cell == 0 ? 0 : counts_.back()[cell - 1];
    }
    std::size_t size_of(std::size_t cell) const { return counts_.back()[cell] - begin_of(cell); }

    /// The first bucket that ends after a place.
    std::size_t first_beyond(std::size_t place) const {
        const auto ends = counts_.back().begin();
        return static_cast<std::size_t>(
            std::upper_bound(ends, ends + static_cast<std::ptrdiff_t>(digit_.n_cells()), place) -
            ends);
    }

    /// Sorts the bucket that holds more than half of the items by all threads; which one it is, or
    /// the number of buckets where there is none.
    std::size_t sort_crowded() const {
        const std::size_t cell = first_beyond(n_ / 2);
        if (size_of(cell) <= n_ / 2) {
            return digit_.n_cells();
        }
        const Place bucket = place_.swapped().after(begin_of(cell));
        sort_on(n_threads_, bucket, size_of(cell), differing_bits(bucket.source, size_of(cell)),
                lowest_bit_, [](std::size_t, std::size_t) {});
        return cell;
    }

    void sort_buckets(std::size_t first, std::size_t last, std::size_t but) const {
        BucketSort sort(active_kernels(), lowest_bit_);
        for (std::size_t cell = first; cell < last; ++cell) {
            if (cell != but) {
                const Place bucket = place_.swapped().after(begin_of(cell));
                sort.sort_bucket(bucket, size_of(cell), n_, digit_);
            }
        }
    }

    const Place place_;
    const std::size_t n_;
    const int lowest_bit_;
    const int n_threads_;
    const Digit digit_;
    /// Of every part: items of each bucket, then where the next of them goes.
    std::vector<CellCounts> counts_;
};

void sort_on(int n_threads, const Place& place, std::size_t n, int top, int lowest_bit,
             const WriteItems& write) {
    if (n_threads > 1 && n > BucketSort::largest_leaf && top > lowest_bit) {
        SharedSplit(place, n, top, lowest_bit, n_threads).sort(write);
    } else {
        write(0, n);
        BucketSort(active_kernels(), lowest_bit).sort(place, n, top);
    }
}

}  // namespace

void sort_items(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int lowest_bit) {
    BucketSort(active_kernels(), lowest_bit).sort({items, scratch, true}, n, item_bits);
}

void write_and_sort_items(const WriteItems& write, std::uint64_t* items, std::uint64_t* scratch,
                          std::size_t n, int lowest_bit, int n_threads) {
    sort_on(n_threads, {items, scratch, true}, n, item_bits, lowest_bit, write);
}

}  // namespace fastshesha
