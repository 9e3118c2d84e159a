// The weights of the two popularity curves. exp and ln are series of IEEE basic operations, because
// the last bit of the platform's own may differ and with it, once in a long while, a settlement.
#include "tools/generate/random.h"

#include <cmath>

namespace sanku::generate {

namespace {

constexpr double ln2 = 0.693147180559945309417232121458;

double exponential(double x) {
  const double halvings = std::floor(x / ln2);
  const double rest = x - halvings * ln2;
  double term = 1, sum = 1;
  for (int n = 1; n <= 20; ++n) {
    term = term * rest / n;
    sum += term;
  }
  return std::ldexp(sum, static_cast<int>(halvings)); // exact: |halvings| is small here
}

// ln n from ln (n - 1), for n > 1: ln n - ln (n - 1) = 2 artanh(1 / (2n - 1)).
double next_logarithm(double previous, int n) {
  const double z = 1.0 / (2.0 * n - 1.0);
  double power = z, sum = 0;
  for (int odd = 1; odd <= 61; odd += 2) {
    sum += power / odd;
    power *= z * z;
  }
  return previous + 2 * sum;
}

} // namespace

Weighted zipf(std::size_t n) {
  std::vector<std::uint64_t> weights;
  weights.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    weights.push_back(1'000'000'000'000u / (i + 3));
  return Weighted(weights);
}

Weighted log_normal(const LogNormal& shape) {
  std::vector<std::uint64_t> weights;
  double logarithm = 0;
  for (int n = 1; n <= shape.high; ++n) {
    if (n > 1)
      logarithm = next_logarithm(logarithm, n);
    if (n < shape.low)
      continue;
    const double distance = logarithm - shape.mu;
    const double density = exponential(-distance * distance / (2 * shape.sigma * shape.sigma)) / n;
    weights.push_back(static_cast<std::uint64_t>(density * 0x1.0p40));
  }
  return Weighted(weights);
}

} // namespace sanku::generate
