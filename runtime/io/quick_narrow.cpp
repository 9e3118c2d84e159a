// QuickRecord with vectors of 16 bytes, for any processor.
#include "runtime/io/quick_choice.h"
#include "runtime/io/quick_objects.h"

namespace sanku::io {
namespace {

struct NarrowBytes {
  static std::uint32_t differing(const char* at, const char* text) {
    return ~quick::same_bytes(at, text);
  }
  static quick::Stops stops(const char* at) {
    const quick::Stops head = quick::stops_in(at), tail = quick::stops_in(at + 16);
    return {head.stop | tail.stop << 16, head.high | tail.high << 16};
  }
};

} // namespace

std::unique_ptr<QuickRecord> make_narrow(const schema::Schema& schema, const ClaimLayout& layout,
                                         batch::BatchBuilder& builder) {
  return std::make_unique<QuickObjects<NarrowBytes>>(schema, layout, builder);
}

} // namespace sanku::io
