// QuickObjects: what QuickRecord does for every key and every value, many bytes at a time. `Bytes`
// says how: `differing` (of 32 bytes by bit, which are not those of a text) and `stops` (of 32
// bytes, where a string can end and which are not ASCII). Each of the two files that include this
// makes one class of it: quick_narrow.cpp for any processor, quick_wide.cpp for those with vectors
// of 32 bytes. Header only. Entry: QuickObjects::object. Tested by
// tests/unit/runtime/quick_record_test.cpp, in both forms.
#pragma once

// Whoever compiles this for one kind of processor has included these before.
#include "runtime/io/quick_record.h"
#include "runtime/io/quick_scan.h"

#include <bit>

namespace sanku::io {

template <class Bytes> class QuickObjects final : public QuickRecord {
public:
  QuickObjects(const schema::Schema& schema, const ClaimLayout& layout,
               batch::BatchBuilder& builder)
      : QuickRecord(schema, layout, builder) {}

private:
  using Way = quick::Way;

  // A text up to its quote; or up to what only a closer look understands.
  struct Scanned {
    const char* end;
    bool plain, whole;
  };

  [[nodiscard]] const char* object(const char* at, const Place& place) override;
  void put_known_codes() override;
  [[nodiscard]] const char* unexpected(const char* at, Shape& shape, std::uint8_t before,
                                       std::uint32_t compared, std::uint8_t& number);
  [[nodiscard]] static std::uint8_t look_up(const char* at, const Shape& shape,
                                            std::uint32_t compared);
  [[nodiscard]] static Scanned scan(const char* at);
  [[nodiscard]] bool good_text(const Step& step, const char* at, const char* end) const {
    return (skims_ && step.way == Way::nothing) || quick::good_utf8(at, end);
  }
  [[nodiscard]] bool put(const Step& step, const Place& place, const char* at, std::uint32_t size,
                         bool plain);
  void put_off(const Step& step, std::uint32_t row, const char* at, std::uint32_t size);
};

template <class Bytes> const char* QuickObjects<Bytes>::object(const char* at, const Place& place) {
  Shape& shape = *place.shape;
  const Step* const steps = shape.steps.data(); // they stay where they are
  std::uint8_t number = shape.first, before = 0;
  std::uint32_t compared = ~1u; // before the first key stands a brace, before others a comma
  while (true) {
    const Step* step = &steps[number];
    if ((Bytes::differing(at, step->text) & step->mask & compared) == 0) [[likely]] {
      at += step->length;
    } else {
      if (*at == '}')
        return at + 1;
      at = unexpected(at, shape, before, compared, number);
      if (at == nullptr)
        return nullptr;
      if (number == 0)
        return at;
      step = &steps[number];
    }
    if (step->is_text && step->way != Way::elsewhere) [[likely]] {
      const Scanned text = scan(at);
      const auto size = static_cast<std::uint32_t>(text.end - at);
      if (text.whole && (text.plain || good_text(*step, at, text.end))) [[likely]] {
        if (!put(*step, place, at, size, text.plain))
          return nullptr;
        at = text.end + 1;
      } else {
        at = value(at - 1, *step, place);
      }
    } else {
      at = value(step->is_text ? at - 1 : at, *step, place);
    }
    if (at == nullptr)
      return nullptr;
    before = number;
    number = step->next;
    compared = ~0u;
  }
}

// Another key than the one that was expected, or (0) the end behind blanks.
template <class Bytes>
const char* QuickObjects<Bytes>::unexpected(const char* at, Shape& shape, std::uint8_t before,
                                            std::uint32_t compared, std::uint8_t& number) {
  if (before != 0) {
    at = quick::skip_blanks(at);
    number = 0;
    if (*at != ',')
      return *at == '}' ? at + 1 : nullptr;
    const Step& other = shape.steps[shape.steps[before].other];
    if (other.length != 0 && (Bytes::differing(at, other.text) & other.mask) == 0) {
      number = shape.steps[before].other;
      return at + other.length;
    }
  }
  number = look_up(at, shape, compared);
  const char* const behind =
      number != 0 ? at + shape.steps[number].length : learn(at, shape, number);
  if (behind == nullptr || shape.steps[number].length == 0)
    return behind;
  if (before == 0) {
    shape.first = number;
  } else {
    Step& last = shape.steps[before];
    last.other = last.next;
    last.next = number;
  }
  return behind;
}

// The step of a key that is written as it was before; 0: there is none.
template <class Bytes>
std::uint8_t QuickObjects<Bytes>::look_up(const char* at, const Shape& shape,
                                          std::uint32_t compared) {
  const char* const key = at + 2;
  const auto [stop, high] = Bytes::stops(key);
  if (at[1] != '"' || stop == 0)
    return 0;
  const auto size = static_cast<unsigned>(std::countr_zero(stop));
  if (size == 0)
    return 0;
  for (std::size_t slot = Shape::slot_of(key, size);; slot = Shape::next_slot(slot)) {
    const std::uint8_t number = shape.slots[slot];
    const Step& step = shape.steps[number];
    if (number == 0 || (Bytes::differing(at, step.text) & step.mask & compared) == 0)
      return number;
  }
}

template <class Bytes>
inline typename QuickObjects<Bytes>::Scanned QuickObjects<Bytes>::scan(const char* at) {
  auto [stop, high] = Bytes::stops(at);
  bool plain = true;
  while (stop == 0) [[unlikely]] {
    plain = plain && high == 0;
    at += 32;
    const auto more = Bytes::stops(at);
    stop = more.stop;
    high = more.high;
  }
  const char* const end = at + std::countr_zero(stop);
  const std::uint32_t before = (stop & (0 - stop)) - 1;
  return {.end = end, .plain = plain && (high & before) == 0, .whole = *end == '"'};
}

template <class Bytes>
[[gnu::always_inline]] inline bool QuickObjects<Bytes>::put(const Step& step, const Place& place,
                                                            const char* at, std::uint32_t size,
                                                            bool plain) {
  if (step.way == Way::nothing || size == 0)
    return true;
  batch::ColumnBuilding& column = *step.column;
  if (batch::is_set(column, place.row)) [[unlikely]]
    return put_again({at, size});
  batch::Put done = batch::Put::ask;
  switch (step.way) {
  case Way::code:
    if (plain && size > 4 && size <= codes::cell_bytes && column.kept) [[likely]] {
      put_off(step, place.row, at, size);
      return true;
    }
    done = batch::put_code(column, place.row, at, size, plain);
    break;
  case Way::text:
    done = batch::put_text(column, place.row, at, size);
    break;
  case Way::number:
    done = batch::put_number(column, place.row, at, size);
    break;
  case Way::time:
    done = batch::put_time(column, place.row, at, size);
    break;
  case Way::listed:
    done = batch::put_listed(column, place.row, at, size);
    break;
  case Way::boolean:
    done = batch::put_boolean(column, place.row, at, size);
    break;
  case Way::nothing:
  case Way::elsewhere:
    break;
  }
  return done == batch::Put::done || put_otherwise(step, place, {at, size}, done);
}

// Its place is taken at once.
template <class Bytes>
inline void QuickObjects<Bytes>::put_off(const Step& step, std::uint32_t row, const char* at,
                                         std::uint32_t size) {
  const std::uint64_t hash = codes::CodeCache::hash_of(codes::cell_of(at, size), size);
  batch::ColumnBuilding& column = *step.column;
  codes_.push_back({hash, &column, at, row, size});
  column.codes->cache.fetch(hash);
  batch::mark(column, row);
}

template <class Bytes> void QuickObjects<Bytes>::put_known_codes() {
  for (const WaitingCode& code : codes_) {
    batch::CodesBuilding& building = *code.column->codes;
    auto* entry = building.cache.find(codes::cell_of(code.at, code.size), code.size, code.hash);
    if (entry != nullptr) [[likely]]
      batch::put_fixed(*code.column, code.row, building.id_of(*entry, code.text()));
    else
      new_codes_.push_back(code);
  }
}

} // namespace sanku::io
