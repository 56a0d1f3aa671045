#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "value_range.hpp"

namespace fastshesha {

__extension__ typedef unsigned __int128 uint128;
__extension__ typedef __int128 int128;

/// Receives ranked values, a batch at a time: in rising order from one thread, in any order and at
/// the same time where several were asked to rank.
class RankSink {
public:
    /// Tags are positions in the ranked vector, or what was given for them.
    virtual void accept(const std::uint32_t* tags, const std::uint32_t* doubled_ranks,
                        std::size_t n) = 0;

    /// Values that tie with no other: doubled ranks rise from `doubled_rank` in steps of 2.
    virtual void accept_separate(const std::uint32_t* tags, std::uint32_t doubled_rank,
                                 std::size_t n);

protected:
    ~RankSink() = default;
};

/// What is known of values that stand for others.
struct ApproximateValues {
    ValueRange range;      ///< holds all of them
    double largest_error;  ///< none differs by more from what it stands for
};

/// Says that the values to rank stand for others: the order of two values closer than twice the
/// largest error is open until asked.
class Approximation {
public:
    /// By position, or by tag where values were given tags; any thread may ask.
    virtual double exact(std::size_t index) const = 0;
    /// Whether the exact values at n such indices are known to be equal, unasked.
    virtual bool are_equal(const std::uint32_t* /*indices*/, std::size_t /*n*/) const {
        return false;
    }
    const ApproximateValues& values() const { return values_; }
    double largest_error() const { return values_.largest_error; }
    /// How many exact values may be asked for before ranking exact values is cheaper.
    std::size_t budget() const { return budget_; }

protected:
    Approximation(const ApproximateValues& values, std::size_t budget)
        : values_(values), budget_(budget) {}
    ~Approximation() = default;

private:
    ApproximateValues values_;
    std::size_t budget_;
};

struct RankOutcome {
    uint128 tie_sum = 0;   ///< sum of t^3 - t over all groups of t equal values
    bool complete = true;  ///< false: the sink got ranks that do not count

    void add_tie(std::size_t n) {
        const uint128 size = n;
        tie_sum += size * size * size - size;
    }
    void take_in(const RankOutcome& part) {
        tie_sum += part.tie_sum;
        complete = complete && part.complete;
    }
};

/// That of a whole from those of its parts.
RankOutcome all_of(std::span<const RankOutcome> parts);

}  // namespace fastshesha
