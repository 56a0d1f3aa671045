#include <pybind11/stl.h>

#include "held_splits.hpp"
#include "held_stream.hpp"

namespace fastshesha::python {

namespace {

void bind_maps(py::module_& module) {
    py::class_<HeldLevelMap>(module, "LevelMap", "A rising map from similarities to levels.")
        .def(py::init<double, double, const DoubleArray&, std::size_t, const EntryArray&,
                      const DoubleArray&, const TableArray&, std::size_t>(),
             py::arg("scale"), py::arg("offset"), py::arg("cells"), py::arg("n_base"),
             py::arg("entries"), py::arg("bounds"), py::arg("steps"), py::arg("n_levels"))
        .def("levels", &HeldLevelMap::levels, py::arg("values"), "Levels of some values.")
        .def("single_levels", &HeldLevelMap::single_levels, py::arg("values"), py::arg("shift"),
             "Levels that float32 tiles give to some values, which are less than they were by the "
             "shift.");
}

void bind_sides(py::module_& module) {
    py::class_<HeldSide>(module, "StreamSide", "Columns of a matrix, and how they are compared.")
        .def(py::init<const py::array&, const IndexArray&, const std::optional<DoubleArray>&,
                      const std::optional<DoubleArray>&, const std::string&, const HeldLevelMap&>(),
             py::arg("X"), py::arg("columns"), py::arg("centre"), py::arg("unit_centre"),
             py::arg("metric"), py::arg("level_map"))
        .def("shift", &HeldSide::shift, "What float32 tiles take from every similarity.")
        .def("undefined_rows", &HeldSide::undefined_rows, py::arg("n_threads"),
             "Which rows have no similarity to others.");
}

void bind_splits(py::module_& module) {
    py::class_<HeldSplits>(module, "SplitStream",
                           "Splits of the columns of one side and a plan of their pairs.")
        .def(py::init<const HeldSide&, const std::vector<IndexArray>&,
                      const std::vector<IndexArray>&, const std::vector<HeldLevelMap>&,
                      const std::vector<HeldLevelMap>&, bool, const IndexArray&, std::size_t,
                      std::size_t, std::size_t>(),
             py::arg("whole"), py::arg("first"), py::arg("left_out"), py::arg("maps_a"),
             py::arg("maps_b"), py::arg("keep_undefined"), py::arg("rows"), py::arg("n_blocks"),
             py::arg("n_rounds"), py::arg("rows_per_tile"))
        .def("n_tiles", &HeldSplits::n_tiles, "The number of units of work.")
        .def("level_counts", &HeldSplits::level_counts, py::arg("first_tile"), py::arg("last_tile"),
             py::arg("n_levels"), py::arg("n_threads"), "The states of all splits of some tiles.")
        .def("similarities", &HeldSplits::similarities, py::arg("split"), py::arg("n_threads"),
             "Similarities of all pairs in the halves of a split, with NaN between them.");
}

}  // namespace

void bind_stream(py::module_& module) {
    bind_maps(module);
    bind_sides(module);
    bind_splits(module);
    py::class_<HeldStream>(module, "PairStream", "Two sides and a plan of their pairs.")
        .def(py::init<const HeldSide&, const HeldSide&, const std::optional<IndexArray>&, bool,
                      bool, const IndexArray&, std::size_t, std::size_t, std::size_t>(),
             py::arg("a"), py::arg("b"), py::arg("codes"), py::arg("keep_undefined"),
             py::arg("is_single"), py::arg("rows"), py::arg("n_blocks"), py::arg("n_rounds"),
             py::arg("rows_per_tile"))
        .def("n_tiles", &HeldStream::n_tiles, "The number of units of work.")
        .def("level_counts", &HeldStream::level_counts, py::arg("first_tile"), py::arg("last_tile"),
             py::arg("n_levels"), py::arg("n_threads"), "The state of some tiles.")
        .def("table_products", &HeldStream::table_products, py::arg("first_tile"),
             py::arg("last_tile"), py::arg("table_a"), py::arg("table_b"), py::arg("n_threads"),
             "High and low part of the sum of products over some tiles, and their pairs.")
        .def("similarities", &HeldStream::similarities, py::arg("n_threads"),
             "Similarities of all pairs, with NaN between them.");
}

}  // namespace fastshesha::python
