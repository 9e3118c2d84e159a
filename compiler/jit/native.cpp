// See native.h. Numbers little-endian as they lie in memory, texts and lists after their length:
// the bytes never leave the machine that wrote them.
#include "compiler/jit/native.h"

#include "runtime/types/match.h"

#include <cstring>
#include <type_traits>
#include <utility>

namespace sanku::jit {
namespace {

class Writer {
public:
  std::string bytes;

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void put(T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(bool value) { put(static_cast<std::uint8_t>(value)); }
  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    bytes += text;
  }
  void put(const Type& type) {
    put(type.kind);
    put(type.scale);
    put(type.digits);
    put(type.domain);
  }
  void put(const Value& value) {
    put(static_cast<std::uint8_t>(value.index()));
    std::visit(match{
                   [](const Unknown&) {},
                   [&](const Bool& it) { put(it.value); },
                   [&](const Integer& it) { put(it.value); },
                   [&](const Decimal& it) {
                     put(static_cast<std::uint64_t>(it.units));
                     put(static_cast<std::uint64_t>(it.units >> 64));
                   },
                   [&](const Date& it) { put(it.days); },
                   [&](const DateTime& it) { put(it.seconds); },
                   [&](const Span& it) { put(it.packed); },
                   [&](const Window& it) { put(it.packed); },
                   [&](const Age& it) { put_plain(it); },
                   [&](const Count& it) { put_plain(it); },
                   [&](const CodeText& it) { put(it.text); },
                   [&](const EnumValue& it) {
                     put(it.id);
                     put(it.unlisted);
                   },
                   [&](const std::string& it) { put(it); },
                   [&](const Score& it) { put_plain(it); },
               },
               value);
  }
  void put(const exec::ConstantSlot& slot) {
    put(slot.type);
    put(slot.value);
  }
  void put(const exec::SetUse& use) {
    put(use.dictionary);
    put(use.below);
    put(use.text);
    put(use.table);
    put(use.column.has_value());
    put(use.column.value_or(0));
  }
  void put(const codegen::Shape& shape) {
    put(shape.rule);
    put(shape.parameters);
  }
  template <class T> void put(const std::vector<T>& list) {
    put(std::uint64_t{list.size()});
    for (const T& each : list)
      put(each);
  }

private:
  template <class T> void put_plain(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
};

class Reader {
public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool all_taken() const { return good_ && left_.empty(); }

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void take(T& value) {
    take_plain(value);
  }
  void take(bool& value) {
    std::uint8_t byte = 0;
    take_plain(byte);
    value = byte != 0;
  }
  void take(std::string& text) { text = std::string(taken(size())); }
  void take(Type& type) {
    take(type.kind);
    good_ = good_ && static_cast<std::size_t>(type.kind) < kind_count;
    take(type.scale);
    take(type.digits);
    take(type.domain);
  }
  void take(Value& value) {
    std::uint8_t form = 0;
    take(form);
    if (form >= std::variant_size_v<Value>) {
      good_ = false;
      return;
    }
    take_form(value, form, std::make_index_sequence<std::variant_size_v<Value>>());
  }
  void take(exec::ConstantSlot& slot) {
    take(slot.type);
    take(slot.value);
  }
  void take(exec::SetUse& use) {
    take(use.dictionary);
    take(use.below);
    take(use.text);
    take(use.table);
    bool has_column = false;
    std::uint32_t column = 0;
    take(has_column);
    take(column);
    if (has_column)
      use.column = column;
  }
  void take(codegen::Shape& shape) {
    take(shape.rule);
    take(shape.parameters);
  }
  template <class T> void take(std::vector<T>& list) {
    const std::uint64_t count = size();
    for (std::uint64_t i = 0; i < count && good_; ++i)
      take(list.emplace_back());
  }

private:
  // Of a list or text; each element takes a byte at least.
  std::uint64_t size() {
    std::uint64_t count = 0;
    take(count);
    good_ = good_ && count <= left_.size();
    return good_ ? count : 0;
  }
  std::string_view taken(std::uint64_t count) {
    good_ = good_ && count <= left_.size();
    if (!good_)
      return {};
    const std::string_view bytes = left_.substr(0, count);
    left_.remove_prefix(count);
    return bytes;
  }
  template <class T> void take_plain(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (const std::string_view bytes = taken(sizeof value); bytes.size() == sizeof value)
      std::memcpy(&value, bytes.data(), sizeof value);
  }
  template <std::size_t... form>
  void take_form(Value& value, std::uint8_t wanted, std::index_sequence<form...>) {
    ((form == wanted ? take_one(value.emplace<form>()) : void()), ...);
  }
  void take_one(Unknown&) {}
  void take_one(Bool& it) { take(it.value); }
  void take_one(CodeText& it) { take(it.text); }
  void take_one(EnumValue& it) {
    take(it.id);
    take(it.unlisted);
  }
  void take_one(std::string& it) { take(it); }
  void take_one(Decimal& it) {
    std::uint64_t low = 0, high = 0;
    take(low);
    take(high);
    it.units = static_cast<Int128>(high) << 64 | low;
  }
  template <class T> void take_one(T& it) { take_plain(it); }

  std::string_view left_;
  bool good_ = true;
};

} // namespace

std::string to_bytes(const Native& native) {
  Writer writer;
  writer.put(native.constants);
  writer.put(native.sink_types);
  writer.put(native.sets);
  writer.put(native.shapes);
  writer.put(native.too_large);
  writer.put(native.objects);
  return std::move(writer.bytes);
}

std::optional<Native> from_bytes(std::string_view bytes) {
  Reader reader(bytes);
  Native native;
  reader.take(native.constants);
  reader.take(native.sink_types);
  reader.take(native.sets);
  reader.take(native.shapes);
  reader.take(native.too_large);
  reader.take(native.objects);
  return reader.all_taken() ? std::optional(std::move(native)) : std::nullopt;
}

} // namespace sanku::jit
