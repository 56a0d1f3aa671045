#include "fastshesha/distance_moments.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "fastshesha/error.hpp"
#include "kernels/dispatch.hpp"
#include "moment_tiles.hpp"
#include "parallel.hpp"
#include "square_tile.hpp"

namespace fastshesha {

void distance_moments(const MomentSide& a, const MomentSide& b, std::size_t n_blocks,
                      std::size_t first_tile, std::size_t last_tile, int n_threads,
                      DistanceMoments* moments) {
    require(a.X.n_rows == b.X.n_rows, "both sides must have as many rows");
    require(n_blocks >= 1 && n_blocks <= std::max<std::size_t>(a.X.n_rows, 1),
            "every block needs a row");
    require(first_tile <= last_tile && last_tile <= count_square_tiles(n_blocks), "no such tiles");
    const Kernels& kernels = active_kernels();
    std::vector<std::unique_ptr<MomentTiles>> tiles(
        static_cast<std::size_t>(std::max(1, n_threads)));
    parallel_for(last_tile - first_tile, n_threads, [&](std::size_t i, const Worker& worker) {
        std::unique_ptr<MomentTiles>& own = tiles[worker.index()];
        if (!own) {
            own = std::make_unique<MomentTiles>(a, b, n_blocks, kernels);
        }
        moments[i] = own->run(first_tile + i);
    });
}

}  // namespace fastshesha
