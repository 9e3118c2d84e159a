// sanku pack trust, install, rollback, list: what is done to a store of packs.
#include "tools/deploy/standing.h"
#include "tools/deploy/trust_file.h"
#include "tools/engine/layout.h"
#include "tools/pack/root_term.h"
#include "tools/pack/source.h"
#include "tools/pack/store.h"
#include "tools/sanku/pack_command.h"

#include <fmt/format.h>

#include <sys/stat.h>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;
using deploy::Told;

std::string key_path(const Arguments& arguments) {
  return arguments.store_key.empty() ? (fs::path(arguments.store) / "key.pem").string()
                                     : arguments.store_key;
}

int need_store(const Terminal& terminal) {
  return wrong_usage(terminal,
                     "请用 --store 给出规则包仓库；sanku pack trust 信任根 --store 文件夹 可以新建",
                     "name a store with --store; sanku pack trust ROOT --store DIR makes one");
}

// ---- trust

int make_trust(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.out.empty() || arguments.keys.empty())
    return wrong_usage(terminal, "请给出 -o 文件 和 --key 根私钥，或 --store 仓库",
                       "name -o FILE and --key ROOTKEY, or --store DIR");
  Told told;
  std::vector<pack::PrivateKey> keys;
  for (const std::string& file : arguments.keys) {
    auto key = private_key(file, told);
    if (!key)
      return refused(told, terminal);
    keys.push_back(std::move(*key));
  }
  const auto root =
      deploy::make_root(arguments.paths[0], keys, arguments.verify.now, told.map, told.diagnostics);
  if (!root)
    return refused(told, terminal);
  if (const int code = write_file(arguments.out, pack::root_text(*root), terminal);
      code != exit_code::clean)
    return code;
  return print(terminal.language == Language::zh
                   ? fmt::format("{}  信任根第 {} 版，{} 个密钥\n", arguments.out, root->version,
                                 root->keys.size())
                   : fmt::format("{}  trust root, version {}, {} keys\n", arguments.out,
                                 root->version, root->keys.size()),
               terminal, exit_code::clean);
}

// The store's key: the one that is there, or with a new store a new one.
std::optional<pack::PrivateKey> store_key(const Arguments& arguments, bool is_new, Told& told,
                                          const Terminal& terminal, int& code) {
  const std::string path = key_path(arguments);
  std::error_code failed;
  if (is_new && !fs::exists(path, failed)) {
    const pack::PrivateKey made = pack::make_key(pack::Algorithm::ed25519);
    fs::create_directories(arguments.store, failed);
    code = write_file(path, pack::private_pem(made), terminal);
    if (code != exit_code::clean)
      return std::nullopt;
    (void)::chmod(path.c_str(), 0600);
  }
  auto key = private_key(path, told);
  if (!key)
    code = refused(told, terminal);
  return key;
}

// What serves and is refused by the root that was just taken up stops serving: that is told at
// once, not by the next run.
int tell_refused(const pack::Store& store, pack::Moment now, source::Span place, Told& told,
                 const Terminal& terminal) {
  const auto standing = deploy::standing_of(store);
  if (!standing)
    return fail(standing.error(), terminal, exit_code::refused_by_system);
  const auto are = deploy::are_taken(store, *standing, now, place, told.diagnostics);
  if (!are)
    return fail(are.error(), terminal, exit_code::refused_by_system);
  if (!*are)
    (void)refused(told, terminal);
  return exit_code::clean;
}

int put_trust(const Arguments& arguments, const Terminal& terminal) {
  auto lock = pack::StoreLock::take(arguments.store);
  if (!lock)
    return fail(lock.error(), terminal, exit_code::refused_by_system);
  Told told;
  const pack::Moment now = arguments.verify.now;
  const auto root = engine::read_trust_root(arguments.paths[0], now, told.map, told.diagnostics);
  const source::Span place{.file = source::add(told.map, arguments.store, {})};
  if (!root || !pack::is_current(*root, now, place, told.diagnostics))
    return refused(told, terminal);
  const bool is_new = !pack::is_store(arguments.store);
  int code = exit_code::clean;
  const auto key = store_key(arguments, is_new, told, terminal, code);
  if (!key)
    return code;
  const pack::Disk disk = pack::real_disk(arguments.store);
  if (is_new) {
    if (auto made = pack::make_store(disk, *key, *root, arguments.verify.now); !made)
      return fail(made.error(), terminal, exit_code::refused_by_system);
  } else {
    auto store = pack::open_store(disk, place, told.diagnostics);
    if (!store)
      return fail(store.error(), terminal, exit_code::refused_by_system);
    if (!*store)
      return refused(told, terminal);
    const auto put =
        pack::put_trust(**store, *key, *root, arguments.verify.now, place, told.diagnostics);
    if (!put)
      return fail(put.error(), terminal, exit_code::refused_by_system);
    if (!*put)
      return refused(told, terminal);
    if (const int refusing = tell_refused(**store, now, place, told, terminal);
        refusing != exit_code::clean)
      return refusing;
  }
  return print(terminal.language == Language::zh
                   ? fmt::format("{}  信任根第 {} 版已启用\n", arguments.store, root->version)
                   : fmt::format("{}  trust root {} is in force\n", arguments.store, root->version),
               terminal, exit_code::clean);
}

// ---- install, rollback

std::string told_of(const deploy::Installed& done, const Terminal& terminal) {
  const bool zh = terminal.language == Language::zh;
  std::string line =
      fmt::format("{} {} ({})", done.entry.name, done.entry.version, done.entry.layer);
  if (done.was_repaired)
    return line +
           (zh ? "  已在使用，已放回其文件\n" : "  serves already, and its file was put back\n");
  if (done.was_there)
    return line + (zh ? "  已在使用\n" : "  serves already\n");
  line += fmt::format(
      fmt::runtime(zh ? "  已启用，{} 个测试通过" : "  is in force, {} tests passed"), done.tests);
  if (!done.is_compiled)
    line += zh ? "（编译用时超过上限，仅由解释执行）"
               : " (in the evaluator only: compiling took longer than the limit)";
  if (!done.replaced.empty())
    line += fmt::format(fmt::runtime(zh ? "，替换 {}" : ", in place of {}"), done.replaced);
  return line + "\n";
}

int told_of(const deploy::Outcome& outcome, const Told& told, const Terminal& terminal) {
  if (!outcome)
    return fail(outcome.error(), terminal, exit_code::refused_by_system);
  if (!*outcome) {
    const int code = refused(told, terminal);
    complain(terminal.pick("未启用；原来的规则包继续使用",
                           "nothing was put in force; what served goes on serving"));
    return code;
  }
  std::string lines;
  for (const deploy::Installed& done : **outcome)
    lines += told_of(done, terminal);
  return print(lines, terminal, exit_code::clean);
}

template <class Act>
int with_store(const Arguments& arguments, const Terminal& terminal, const Act& act) {
  if (arguments.store.empty())
    return need_store(terminal);
  if (!pack::is_store(arguments.store))
    return wrong_usage(terminal, fmt::format("“{}”不是规则包仓库", arguments.store),
                       fmt::format("`{}` is no store of packs; sanku pack trust ROOT --store DIR "
                                   "makes one",
                                   arguments.store));
  auto lock = pack::StoreLock::take(arguments.store);
  if (!lock)
    return fail(lock.error(), terminal, exit_code::refused_by_system);
  Told told;
  const auto key = private_key(key_path(arguments), told);
  if (!key)
    return refused(told, terminal);
  const deploy::Where where{.disk = pack::real_disk(arguments.store),
                            .key = *key,
                            .now = arguments.verify.now,
                            .language = terminal.language};
  return told_of(act(where, told), told, terminal);
}

// ---- list

std::string_view kind_text(pack::LogEntry::Kind kind, const Terminal& terminal) {
  switch (kind) {
  case pack::LogEntry::Kind::trust:
    return terminal.pick("信任根", "trust");
  case pack::LogEntry::Kind::intent:
    return terminal.pick("准备", "intent");
  case pack::LogEntry::Kind::install:
    return terminal.pick("启用", "install");
  case pack::LogEntry::Kind::rollback:
    return terminal.pick("退回", "rollback");
  }
  return {};
}

// `layer` empty: of all.
std::string listed(const pack::Store& store, const std::vector<deploy::Standing>& standing,
                   const std::string& layer, const Terminal& terminal) {
  const auto is_wanted = [&](const pack::LogEntry& each) {
    return layer.empty() || each.layer == layer;
  };
  std::string out(terminal.pick("在用：\n", "In force:\n"));
  for (const deploy::Standing& each : standing) {
    if (!is_wanted(each.entry))
      continue;
    out += fmt::format("  {} {} ({})  {}  {}\n", each.entry.name, each.entry.version,
                       each.entry.layer, pack::moment_text(each.entry.time), each.entry.file);
    if (each.state != deploy::FileState::whole)
      out += fmt::format("    {}\n", each.state == deploy::FileState::lost
                                         ? terminal.pick("文件缺失", "its file is missing")
                                         : terminal.pick("文件已损坏", "its file is damaged"));
    if (each.pin)
      out += fmt::format("    {} {} {}  {}\n", terminal.pick("基于", "on"), each.pin->name,
                         pack::versions_text(each.pin->versions),
                         pack::hex(each.pin->manifest.sha256).substr(0, 16));
  }
  out += terminal.pick("日志：\n", "Log:\n");
  for (const pack::LogEntry& each : store.log.entries)
    if (is_wanted(each))
      out += fmt::format("  {}  {}  {} {} {}  {}\n", pack::moment_text(each.time),
                         engine::padded(kind_text(each.kind, terminal), 8), each.name, each.version,
                         each.layer, each.file.substr(0, 16));
  return out + fmt::format("  {}\n", store.log.last);
}

} // namespace

int pack_trust(const Arguments& arguments, const Terminal& terminal) {
  return arguments.store.empty() ? make_trust(arguments, terminal) : put_trust(arguments, terminal);
}

int pack_install(const Arguments& arguments, const Terminal& terminal) {
  const auto act = [&](const deploy::Where& where, Told& told) -> deploy::Outcome {
    std::vector<deploy::Coming> coming;
    for (const std::string& path : arguments.paths) {
      auto bytes = pack::read_whole(path, pack::Limits{}.bytes);
      if (!bytes)
        return tl::unexpected(bytes.error());
      coming.push_back({.bytes = std::move(*bytes), .place = path});
    }
    return deploy::install(where, std::move(coming), told);
  };
  return with_store(arguments, terminal, act);
}

int pack_rollback(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.paths.size() > 1 && !(arguments.to.empty() && arguments.layer.empty()))
    return wrong_usage(terminal, "退回几个规则包时，层级写作 名称@层级，不用 --to 和 --layer",
                       "of several packs a layer is written NAME@LAYER, without --to and --layer");
  std::vector<deploy::Wanted> wanted;
  for (const std::string& path : arguments.paths) {
    const std::size_t at = path.find('@');
    wanted.push_back({.name = path.substr(0, at),
                      .layer = at == path.npos ? arguments.layer : path.substr(at + 1),
                      .version = arguments.to});
  }
  return with_store(arguments, terminal, [&](const deploy::Where& where, Told& told) {
    return deploy::roll_back(where, wanted, told);
  });
}

int pack_list(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.store.empty() || !pack::is_store(arguments.store))
    return need_store(terminal);
  Told told;
  const source::Span place{.file = source::add(told.map, arguments.store, {})};
  const auto store = pack::open_store(pack::real_disk(arguments.store), place, told.diagnostics);
  if (!store)
    return fail(store.error(), terminal, exit_code::refused_by_system);
  if (!*store)
    return refused(told, terminal);
  if (!arguments.export_to.empty()) {
    const auto text = pack::exported(**store);
    if (!text)
      return fail(text.error(), terminal, exit_code::refused_by_system);
    return write_file(arguments.export_to, *text, terminal);
  }
  const auto standing = deploy::standing_of(**store);
  if (!standing)
    return fail(standing.error(), terminal, exit_code::refused_by_system);
  // Whatever is wrong with a file, the log still says what is in force.
  const bool are_whole = deploy::are_whole(*standing, place, told.diagnostics);
  const auto are_taken =
      deploy::are_taken(**store, *standing, arguments.verify.now, place, told.diagnostics);
  if (!are_taken)
    return fail(are_taken.error(), terminal, exit_code::refused_by_system);
  const int code = are_whole && *are_taken ? exit_code::clean : refused(told, terminal);
  return print(listed(**store, *standing, arguments.layer, terminal), terminal, code);
}

} // namespace sanku::command
