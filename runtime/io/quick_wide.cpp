// QuickRecord with vectors of 32 bytes, for processors that have them (AVX2). Only what stands
// between the marks is compiled for these: functions of headers that others use too stay as they
// are everywhere, so that no processor meets an instruction that it does not know.
#include "runtime/io/quick_choice.h"
#include "runtime/io/quick_record.h"
#include "runtime/io/quick_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))),                \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

#include "runtime/io/quick_objects.h"

namespace sanku::io {
namespace {

struct WideBytes {
  static __m256i load(const char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static std::uint32_t bits(__m256i bytes) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
  }
  static std::uint32_t differing(const char* at, const char* text) {
    return ~bits(_mm256_cmpeq_epi8(load(at), load(text)));
  }
  static quick::Stops stops(const char* at) {
    const __m256i bytes = load(at);
    const __m256i quote = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
    const __m256i escape = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
    const __m256i control =
        _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1f)), bytes);
    return {bits(_mm256_or_si256(_mm256_or_si256(quote, escape), control)), bits(bytes)};
  }
};

std::unique_ptr<QuickRecord> make(const schema::Schema& schema, const ClaimLayout& layout,
                                  batch::BatchBuilder& builder) {
  return std::make_unique<QuickObjects<WideBytes>>(schema, layout, builder);
}

} // namespace
} // namespace sanku::io

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace sanku::io {

std::unique_ptr<QuickRecord> make_wide(const schema::Schema& schema, const ClaimLayout& layout,
                                       batch::BatchBuilder& builder) {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0
             ? make(schema, layout, builder)
             : nullptr;
}

} // namespace sanku::io
#else
namespace sanku::io {

std::unique_ptr<QuickRecord> make_wide(const schema::Schema&, const ClaimLayout&,
                                       batch::BatchBuilder&) {
  return nullptr;
}

} // namespace sanku::io
#endif
