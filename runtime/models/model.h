// Models that were trained elsewhere: tree ensembles and linear ones, one form for all formats.
// `trees` says what the file says, node by node; `packed` is the same as the walk wants it
// (pack.cpp), data like a knowledge table's and never generated code. Loaded by load.h, scored by
// score.h, explained by reasons.h. Why not PMML: no library that Debian or the registries keep
// reads it in C++, and both training libraries write the formats read here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sanku::models {

enum class Format : std::uint8_t { lightgbm, xgboost, linear };

// What a file may hold, so that a damaged one cannot ask for more memory than a model needs.
struct Limits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t features = 4096;
  std::size_t trees = 20'000;
  std::size_t nodes = 2'000'000;
  std::size_t depth = 256;
  std::uint32_t category = 1u << 20;
};

// Which way a value goes that is there.
enum class Test : std::uint8_t {
  leaf,
  at_most,      // left if value <= threshold (LightGBM)
  below,        // left if value < threshold (XGBoost)
  member_left,  // left if its whole part is one of the categories (LightGBM)
  member_right, // right if it is, and not negative (XGBoost)
};
// Which values count as missing; those go the default way.
enum class Absent : std::uint8_t {
  none,      // a missing value is 0 (LightGBM's missing type None)
  missing,   // a missing value
  also_zero, // a missing value and 0 (LightGBM's zero_as_missing)
};
struct Node {
  std::uint32_t left = 0, right = 0; // in the tree; 0 of leaves
  std::uint32_t feature = 0;
  Test test = Test::leaf;
  Absent absent = Absent::missing;
  bool default_left = false;
  double threshold = 0;
  std::uint32_t categories = 0, category_count = 0; // in Model::categories, ascending
  double value = 0;                                 // of leaves
  double weight = 0;   // how many rows, or how much of them, training saw here
  double expected = 0; // of the leaves below by weight; of a leaf its value
};
struct Tree {
  std::vector<Node> nodes; // the root first
  std::uint32_t depth = 0; // most steps from the root to a leaf
};

// One feature of a linear model. A missing value is `fill`, and where there is none the score is
// not known.
struct Term {
  double coefficient = 0;
  bool filled = false;
  double fill = 0;
  double mean = 0; // what contributions are measured from
};

// How the sum becomes the score.
enum class Link : std::uint8_t { identity, logistic, exponential };

// ---- the same for walking

// 16 bytes. The right child stands behind the left one; a leaf is its own left child and no value
// is above its threshold, so that a walk needs no end.
struct PackedNode {
  double threshold; // right if the value is above; of categories: at or below none is meant
  std::uint32_t left;
  std::uint16_t column;
  std::uint16_t flags;
};
inline constexpr std::uint16_t categorical = 1;
inline constexpr std::uint16_t members_right = 2; // otherwise they go left, and the others right
inline constexpr std::uint16_t missing_right = 4; // of categories; numbers have columns for it
struct PackedTree {
  std::uint32_t root = 0;
  std::uint32_t steps = 0; // to every leaf
  bool categories = false; // some node asks for one
};
// A feature as nodes read it. Where a missing value goes is the column's business: it is below or
// above every number, so that a node asks one question.
struct Column {
  enum class Missing : std::uint8_t { low, high, kept };
  std::uint32_t feature = 0;
  Missing missing = Missing::low;
  bool zero_missing = false;
};
// The categories of a node as bits.
struct BitSet {
  std::uint32_t begin = 0, words = 0;
};
struct Packed {
  std::vector<Column> columns;
  std::vector<PackedTree> trees;
  std::vector<PackedNode> nodes;
  std::vector<double> values;      // by node; of leaves
  std::vector<float> float_values; // likewise
  std::vector<double> expected;    // by node
  std::vector<BitSet> sets;        // by node; none where no node asks for a category
  std::vector<std::uint32_t> bits;
};

struct Model {
  Format format = Format::linear;
  std::vector<std::string> features; // names as in the file; none: they are told by place
  std::size_t feature_count = 0;
  std::vector<Tree> trees;
  std::vector<std::uint32_t> categories;
  std::vector<Term> terms; // linear models
  bool floats = false;     // values, thresholds and sums are of 32 bits (XGBoost)
  bool linear = false;
  bool averaged = false; // the mean of the trees instead of their sum
  double base = 0;       // where the sum begins
  Link link = Link::identity;
  double steepness = 1; // of a logistic link
  Packed packed;
};

} // namespace sanku::models
