#include "item_sort.hpp"

#include "bucket_sort.hpp"
#include "kernels/dispatch.hpp"
#include "parallel.hpp"
#include "parted_cells.hpp"

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
          digit_(dealing_digit(n, top, lowest_bit)) {
        buckets_.start(n_parts_for(n_threads), digit_.n_cells());
    }

    void sort(const WriteItems& write) {
        share_parts(n_, n_threads_, [&](std::size_t part, std::size_t begin, std::size_t end) {
            write(begin, end);
            count_many(place_.source + begin, end - begin, digit_, buckets_.of_part(part));
        });
        buckets_.find_begins();
        share_parts(n_, n_threads_, [this](std::size_t part, std::size_t begin, std::size_t end) {
            deal_many(place_.source + begin, end - begin, digit_, buckets_.of_part(part),
                      place_.other);
        });
        const std::size_t crowded = sort_crowded();
        share_parts(n_, n_threads_, [=, this](std::size_t, std::size_t begin, std::size_t end) {
            sort_buckets(buckets_.first_beyond(begin), buckets_.first_beyond(end), crowded);
        });
    }

private:
    /// The bucket, with where its items end up.
    Place place_of(std::size_t bucket) const {
        return place_.swapped().after(buckets_.begin(bucket));
    }

    /// Sorts the crowded bucket by all threads, and returns it; the number of buckets where there
    /// is none.
    std::size_t sort_crowded() const {
        const std::size_t crowded = buckets_.crowded();
        if (crowded < buckets_.n_cells()) {
            const Place bucket = place_of(crowded);
            const std::size_t size = buckets_.size(crowded);
            sort_on(n_threads_, bucket, size, differing_bits(bucket.source, size), lowest_bit_,
                    [](std::size_t, std::size_t) {});
        }
        return crowded;
    }

    void sort_buckets(std::size_t first, std::size_t last, std::size_t but) const {
        BucketSort sort(active_kernels(), lowest_bit_);
        for (std::size_t bucket = first; bucket < last; ++bucket) {
            if (bucket != but) {
                sort.sort_bucket(place_of(bucket), buckets_.size(bucket), n_, digit_);
            }
        }
    }

    const Place place_;
    const std::size_t n_;
    const int lowest_bit_;
    const int n_threads_;
    const Digit digit_;
    PartedCells<most_buckets> buckets_;
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
