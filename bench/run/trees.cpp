// A model of 100 trees of depth 6, trained here by XGBoost's C library, scored by it and by us on
// the same rows: in batches and row by row, one thread each. The library is opened by its path
// (`./dev xgboost` fetches it; SANKU_XGBOOST names another) and every margin is compared first.
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/models/load.h"
#include "runtime/models/score.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <dlfcn.h>
#include <optional>

namespace sanku::bench {
namespace {

constexpr std::size_t features = 40, training_rows = 20'000, batch_rows = 20'000,
                      single_rows = 2'000;
constexpr int trees = 100;

// The few functions of the C interface that are used, since no header of the library is there.
struct Library {
  int (*matrix_of)(const float*, std::uint64_t, std::uint64_t, float, void**);
  int (*set_floats)(void*, const char*, const float*, std::uint64_t);
  int (*create)(void* const*, std::uint64_t, void**);
  int (*set)(void*, const char*, const char*);
  int (*update)(void*, int, void*);
  int (*save)(void*, const char*, std::uint64_t*, const char**);
  int (*predict_dense)(void*, const char*, const char*, void*, const std::uint64_t**,
                       std::uint64_t*, const float**);
  int (*predict_matrix)(void*, void*, const char*, const std::uint64_t**, std::uint64_t*,
                        const float**);
  const char* (*last_error)();
};

std::optional<Library> open_library(std::string& why) {
  const char* named = std::getenv("SANKU_XGBOOST");
  const std::string path = named != nullptr ? named : "build/xgboost/xgboost/lib/libxgboost.so";
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    why = fmt::format("XGBoost's library is not at {}: `./dev xgboost` fetches it", path);
    return std::nullopt;
  }
  Library found{};
  const auto take = [&](const char* name, auto& function) {
    void* const at = ::dlsym(library, name);
    if (at == nullptr)
      why = fmt::format("{} has no function {}", path, name);
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(at);
  };
  take("XGDMatrixCreateFromMat", found.matrix_of);
  take("XGDMatrixSetFloatInfo", found.set_floats);
  take("XGBoosterCreate", found.create);
  take("XGBoosterSetParam", found.set);
  take("XGBoosterUpdateOneIter", found.update);
  take("XGBoosterSaveModelToBuffer", found.save);
  take("XGBoosterPredictFromDense", found.predict_dense);
  take("XGBoosterPredictFromDMatrix", found.predict_matrix);
  take("XGBGetLastError", found.last_error);
  if (!why.empty())
    return std::nullopt;
  return found;
}

std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

std::vector<float> rows_of(std::size_t count, std::uint64_t seed) {
  std::vector<float> values(count * features);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t draw = mixed(seed + i);
    values[i] = (draw >> 40) % 20 == 0 ? std::nanf("") : static_cast<float>(draw % 10'000) / 100.0F;
  }
  return values;
}

class Rival {
public:
  explicit Rival(const Library& library) : library_(library) {}

  void fail(int result, const char* what) const {
    if (result != 0)
      stop(fmt::format("XGBoost: {}: {}", what, library_.last_error()));
  }
  void* matrix(const std::vector<float>& rows) const {
    void* made = nullptr;
    fail(library_.matrix_of(rows.data(), rows.size() / features, features, std::nanf(""), &made),
         "a matrix");
    return made;
  }
  void train() {
    const std::vector<float> rows = rows_of(training_rows, 1);
    std::vector<float> labels;
    for (std::size_t row = 0; row < training_rows; ++row) {
      float sum = 0;
      for (std::size_t f = 0; f < features; ++f) {
        const float value = rows[row * features + f];
        sum +=
            std::isnan(value) ? 20.0F : (f % 2 == 0 ? value : 100 - value) * (f % 5 == 0 ? 2 : 1);
      }
      labels.push_back(sum + static_cast<float>(mixed(row) % 500) > 2600 ? 1.0F : 0.0F);
    }
    void* const matrix_of_rows = matrix(rows);
    fail(library_.set_floats(matrix_of_rows, "label", labels.data(), labels.size()), "labels");
    fail(library_.create(&matrix_of_rows, 1, &booster_), "a booster");
    for (const auto& [name, value] :
         {std::pair("nthread", "1"), std::pair("max_depth", "6"), std::pair("eta", "0.1"),
          std::pair("objective", "binary:logistic"), std::pair("seed", "1")})
      fail(library_.set(booster_, name, value), name);
    for (int round = 0; round < trees; ++round)
      fail(library_.update(booster_, round, matrix_of_rows), "training");
  }
  std::string saved() const {
    std::uint64_t size = 0;
    const char* text = nullptr;
    fail(library_.save(booster_, "{\"format\": \"json\"}", &size, &text), "saving");
    return {text, size};
  }
  // 0: probabilities, 1: margins.
  const float* dense(const float* rows, std::size_t count, int type) const {
    const std::string array =
        fmt::format(R"({{"data": [{}, true], "shape": [{}, {}], "typestr": "<f4", "version": 3}})",
                    reinterpret_cast<std::uintptr_t>(rows), count, features);
    const std::uint64_t* shape = nullptr;
    std::uint64_t dimensions = 0;
    const float* result = nullptr;
    fail(library_.predict_dense(booster_, array.c_str(), config(type, true).c_str(), nullptr,
                                &shape, &dimensions, &result),
         "predicting");
    return result;
  }
  const float* of_matrix(void* rows, int type) const {
    const std::uint64_t* shape = nullptr;
    std::uint64_t dimensions = 0;
    const float* result = nullptr;
    fail(library_.predict_matrix(booster_, rows, config(type, false).c_str(), &shape, &dimensions,
                                 &result),
         "predicting");
    return result;
  }

private:
  static std::string config(int type, bool in_place) {
    return fmt::format(R"({{"type": {}, "training": false, "iteration_begin": 0, )"
                       R"("iteration_end": 0, "strict_shape": false{}}})",
                       type, in_place ? R"(, "missing": NaN)" : "");
  }
  const Library& library_;
  void* booster_ = nullptr;
};

Run run_of(std::string name, std::size_t rows) {
  return {
      .name = std::move(name), .unit = "rows/s", .work = static_cast<double>(rows), .timed = {}};
}

// The same rows as we take them: columns of doubles, and rows.
struct Ours {
  std::vector<std::vector<double>> columns;
  std::vector<const double*> pointers;
  std::vector<double> rows;

  explicit Ours(const std::vector<float>& values)
      : columns(features), rows(values.begin(), values.end()) {
    for (std::size_t i = 0; i < values.size(); ++i)
      columns[i % features].push_back(double{values[i]});
    for (const auto& column : columns)
      pointers.push_back(column.data());
  }
};

void compare(const Rival& rival, const models::Model& model, const Ours& ours,
             const std::vector<float>& values) {
  const float* margins = rival.dense(values.data(), batch_rows, 1);
  for (std::size_t row = 0; row < batch_rows; ++row)
    if (models::margin(model, ours.rows.data() + row * features) != double{margins[row]})
      stop(fmt::format("XGBoost's margin of row {} is another than ours", row));
}

} // namespace

void measure_trees(Bench& bench) {
  std::string why;
  const auto library = open_library(why);
  if (!library) {
    bench.skip("trees_batch_vs_library", why);
    bench.skip("trees_row_vs_library", why);
    return;
  }
  Rival rival(*library);
  rival.train();
  const auto model = models::parse(rival.saved(), models::Format::xgboost);
  if (!model)
    stop("XGBoost's model is refused: " + model.error().en);
  const std::vector<float> values = rows_of(batch_rows, 1'000'000'000);
  const Ours ours(values);
  compare(rival, *model, ours, values);
  // The library remembers what it said of a matrix, so each run has one of its own.
  std::vector<void*> matrices;
  for (unsigned run = 0; run < bench.attempts + 2; ++run)
    matrices.push_back(rival.matrix(values));
  std::size_t used = 0;
  std::vector<double> scores(batch_rows);
  const auto batches = bench.interleave(
      {run_of("trees_batch", batch_rows), run_of("trees_batch_xgboost_dense", batch_rows),
       run_of("trees_batch_xgboost_matrix", batch_rows)},
      {[&] { models::score(*model, ours.pointers, batch_rows, scores.data()); },
       [&] { (void)rival.dense(values.data(), batch_rows, 0); },
       [&] { (void)rival.of_matrix(matrices.at(used++), 0); }});
  // Against the faster of the library's two ways.
  const bool dense = batches[1].value_of_all() > batches[2].value_of_all();
  bench.ratio("trees_batch_vs_library", batches[0], batches[dense ? 1 : 2]);
  bench.report.numbers.push_back(batches[dense ? 2 : 1]);
  double sum = 0;
  const auto rows =
      bench.interleave({run_of("trees_row", single_rows), run_of("trees_row_xgboost", single_rows)},
                       {[&] {
                          for (std::size_t row = 0; row < single_rows; ++row)
                            sum += models::score(*model, ours.rows.data() + row * features);
                        },
                        [&] {
                          for (std::size_t row = 0; row < single_rows; ++row)
                            sum += double{rival.dense(values.data() + row * features, 1, 0)[0]};
                        }});
  if (!std::isfinite(sum))
    stop("a score is no number");
  bench.ratio("trees_row_vs_library", rows[0], rows[1]);
}

} // namespace sanku::bench
