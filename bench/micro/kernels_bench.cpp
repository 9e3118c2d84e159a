// One scalar kernel each, called natively: what a condition costs at the very least.
#include "runtime/kernels/compare.h"
#include "runtime/kernels/number.h"
#include "runtime/kernels/time.h"

#include <benchmark/benchmark.h>

namespace sanku {
namespace {

void decimal_product(benchmark::State& state) {
  Decimal price{1234567}, quantity{30000};
  for (auto _ : state) {
    benchmark::DoNotOptimize(price);
    benchmark::DoNotOptimize(kernels::multiply(price, quantity));
  }
}
BENCHMARK(decimal_product);

void completed_years(benchmark::State& state) {
  Age age = make_age(Date{13944}, Date{20517});
  for (auto _ : state) {
    benchmark::DoNotOptimize(age);
    benchmark::DoNotOptimize(
        kernels::compare<kernels::Relation::greater_equal>(age, make_span(18, SpanUnit::years)));
  }
}
BENCHMARK(completed_years);

void within_six_hours(benchmark::State& state) {
  DateTime a{1'772'000'000}, b{1'772'020'000};
  for (auto _ : state) {
    benchmark::DoNotOptimize(a);
    benchmark::DoNotOptimize(kernels::within(a, b, make_window(6, WindowUnit::hours)));
  }
}
BENCHMARK(within_six_hours);

} // namespace
} // namespace sanku
