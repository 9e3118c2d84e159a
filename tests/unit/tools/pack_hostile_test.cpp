// Pack files from somebody who means harm: each is refused, with a reason, and nothing is loaded.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/engine/run_tests.h"
#include "tools/engine/start.h"
#include "tools/pack/delta.h"

namespace sanku::deploy {
namespace {

using pack::FileKind;
using Members = std::map<std::string, std::string, std::less<>>;

std::vector<pack::Fact> facts() {
  return {{"name", "small"},     {"version", "1"}, {"edition", "1"}, {"schema", "tiny 1.0"},
          {"layer", "national"}, {"rules", "1"},   {"tables", "0"},  {"tests", "0"}};
}

std::string file_with(const Members& members) {
  return pack::write(FileKind::pack, facts(), members);
}

// The file whose manifest was changed by hand; digests of members stay right.
std::string with_manifest(const std::string& bytes, const std::string& from,
                          const std::string& to) {
  const Opened made = opened(bytes);
  std::string manifest(made.file->manifest_text);
  const std::size_t at = manifest.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  manifest.replace(at, from.size(), to);
  std::string payload;
  for (const auto& [name, text] : made.file->members)
    payload += text;
  return pack::write(FileKind::pack, manifest, {}, payload);
}

class Hostile : public testing::Test {
protected:
  void SetUp() override {
    write_small(folder_);
    bytes_ = signed_by_both(built(folder_), keys_);
    ASSERT_TRUE(opened(bytes_, &root_).file);
  }
  PackFolder folder_;
  Keys keys_;
  pack::TrustRoot root_ = keys_.trust();
  std::string bytes_;
};

TEST_F(Hostile, every_flipped_bit_of_every_byte_is_refused) {
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    const Opened made = opened(std::move(damaged), &root_);
    EXPECT_FALSE(made.file) << at;
    EXPECT_FALSE(made.diagnostics.all.empty()) << at;
  }
}

TEST_F(Hostile, every_length_but_its_own_is_refused) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    const Opened made = opened(bytes_.substr(0, size), &root_);
    EXPECT_FALSE(made.file) << size;
    const std::string codes = made.codes();
    EXPECT_TRUE(codes == "SK6101" || codes == "SK6102" || codes == "SK6103") << size << codes;
  }
  EXPECT_EQ(opened(bytes_ + '\0', &root_).codes(), "SK6102");
}

TEST_F(Hostile, signatures_are_neither_lost_nor_swapped_nor_taken_from_elsewhere) {
  const Opened made = opened(bytes_);
  const auto with = [&](const std::vector<pack::Signature>& signatures) {
    return opened(pack::with_signatures(*made.file, signatures), &root_).codes();
  };
  const pack::Signature author = made.file->signatures[0], reviewer = made.file->signatures[1];
  EXPECT_EQ(with({author, reviewer}), "");
  EXPECT_EQ(with({reviewer, author}), "SK6208") << "each is there once";
  EXPECT_EQ(with({author, author, reviewer}), "SK6203");
  EXPECT_EQ(with({author, reviewer, author}), "SK6203");
  EXPECT_EQ(with({author}), "SK6201 SK6207 SK6207");
  EXPECT_EQ(with({}), "SK6201 SK6201 SK6207 SK6207");
  pack::Signature swapped = author;
  swapped.bytes = reviewer.bytes;
  EXPECT_EQ(with({swapped, reviewer}), "SK6204");
  swapped = reviewer;
  swapped.key = author.key;
  swapped.bytes = author.bytes;
  EXPECT_EQ(with({author, swapped}), "SK6205") << "the author's key in the reviewer's role";
  EXPECT_EQ(with({author, signature(*made.file, "reviewer", keys_.author)}), "SK6205");
  EXPECT_EQ(with({author, signature(*made.file, "root", keys_.root)}), "SK6205");
  const pack::PrivateKey stranger = pack::make_key(pack::Algorithm::ed25519);
  EXPECT_EQ(with({author, signature(*made.file, "reviewer", stranger)}), "SK6202");
  // A signature that a delta got is none of a pack, and one of another edition is none of this.
  EXPECT_EQ(with({pack::make_signature({.kind = FileKind::delta,
                                        .manifest = pack::digests_of(made.file->manifest_text)},
                                       "author", "1", noon, keys_.author),
                  reviewer}),
            "SK6204");
  EXPECT_EQ(with({pack::make_signature({.kind = FileKind::pack,
                                        .manifest = pack::digests_of(made.file->manifest_text)},
                                       "author", "2", noon, keys_.author),
                  reviewer}),
            "SK6204");
  // Of another pack by the same people.
  const PackFolder other;
  write_small(other, "2");
  const Opened another = opened(signed_by_both(built(other), keys_));
  EXPECT_EQ(with(another.file->signatures), "SK6204 SK6204");
}

// Members that nobody vouches for are not looked at, so what is wrong with them is not told.
TEST_F(Hostile, what_nobody_has_signed_is_refused_before_it_is_read) {
  const Opened made = opened(bytes_);
  std::string damaged = pack::with_signatures(*made.file, {});
  damaged.back() ^= 1;
  EXPECT_EQ(opened(damaged, &root_).codes(), "SK6201 SK6201 SK6207 SK6207");
  EXPECT_EQ(opened(damaged).codes(), "SK6106");
  damaged = pack::with_signatures(*made.file, {made.file->signatures[0]});
  damaged.back() ^= 1;
  EXPECT_EQ(opened(damaged, &root_).codes(), "SK6201 SK6207 SK6207");
  // Nor is it where the policy asks for no role.
  pack::TrustRoot root = root_;
  root.policy = {{.kind = pack::Demand::Kind::coverage, .one = "1", .other = {}}};
  EXPECT_EQ(opened(pack::with_signatures(*made.file, {}), &root).codes(), "SK6201");
}

TEST_F(Hostile, a_key_counts_while_it_holds) {
  const auto with = [&](pack::Moment time, pack::Moment now, const pack::TrustRoot& root) {
    return opened(
               signed_by(bytes_, {{"author", &keys_.author}, {"reviewer", &keys_.reviewer}}, time),
               &root, now)
        .codes();
  };
  EXPECT_EQ(with(noon, noon, root_), "");
  EXPECT_EQ(with({noon.seconds + 299}, noon, root_), "") << "clocks differ a little";
  EXPECT_EQ(with({noon.seconds + 301}, noon, root_), "SK6206 SK6206");
  EXPECT_EQ(with(*pack::parse_day("2019-12-31"), noon, root_), "SK6206 SK6206");
  const pack::Moment last = pack::end_of_day(*pack::parse_day("2030-12-31"));
  EXPECT_EQ(with(last, last, root_), "");
  EXPECT_EQ(with(last, {last.seconds + 1}, root_), "SK6212");
  pack::TrustRoot revoked = root_;
  for (pack::TrustedKey& key : revoked.keys)
    if (key.holder == "zhang")
      key.revoked = pack::parse_day("2026-01-01");
  pack::sign_root(revoked, keys_.root);
  EXPECT_EQ(with(noon, noon, revoked), "SK6206");
}

TEST_F(Hostile, names_lead_nowhere_and_differ_in_more_than_case) {
  const std::vector<std::string> names = {
      "../pack.toml", "a/../b", "/etc/passwd", "./a", "a//b", "a/", ".hidden", "a/.git/x", "C:\\x",
      "a\\b", "a:b", "a\tb", " a", "a ", "a.", "con\u200b", "x\u202ey", "a*", "a|b", "",
      std::string(241, 'a'), "\xff",
      // Where systems differ over which are one name.
      "Я.csv", "é.csv", "straße.csv", "a b.csv", "a（1）.csv", "𠮷.csv"};
  EXPECT_EQ(opened(file_with({{"schema/目录-1_a.csv", "x"}})).codes(), "SK6110")
      << "only its table";
  for (const std::string& name : names) {
    const Opened made = opened(file_with({{name, "x"}}));
    EXPECT_TRUE(made.codes() == "SK6104" || made.codes() == "SK6108" || made.codes() == "SK6103")
        << name << made.codes();
  }
  EXPECT_EQ(opened(file_with({{"A", "x"}, {"a", "y"}})).codes(), "SK6104");
  EXPECT_EQ(opened(file_with({{"a", "x"}, {"ａ", "y"}})).codes(), "SK6104") << "width";
  EXPECT_EQ(opened(file_with({{"a", "x"}, {"a-b", "y"}, {"a/b", "z"}})).codes(), "SK6104");
  EXPECT_EQ(opened(file_with({{"Schema/x.sanku", "x"}, {"schema/y.sanku", "y"}})).codes(),
            "SK6104");
  EXPECT_EQ(opened(file_with({{"A/b/x", "x"}, {"a", "y"}})).codes(), "SK6104");
  EXPECT_EQ(opened(file_with({{"schema/x", "x"}, {"schema/y", "y"}})).codes(), "");
  const std::string two = file_with({{"a", "x"}, {"b", "x"}});
  const std::string member = "member 1 " + pack::hex(pack::digests_of("x").sha256) + " " +
                             pack::hex(pack::digests_of("x").sm3) + " ";
  EXPECT_EQ(opened(with_manifest(two, member + "b", member + "a")).codes(), "SK6104") << "twice";
  EXPECT_EQ(opened(with_manifest(two, member + "a", member + "c")).codes(), "SK6104") << "order";
}

TEST_F(Hostile, sizes_and_digests_do_not_lie) {
  const std::string two = file_with({{"a", "xx"}, {"b", "y"}});
  EXPECT_EQ(opened(two).codes(), "");
  EXPECT_EQ(opened(with_manifest(two, "member 2", "member 3")).codes(), "SK6105");
  EXPECT_EQ(opened(with_manifest(two, "member 2", "member 1")).codes(), "SK6105");
  EXPECT_EQ(opened(with_manifest(two, "member 2", "member 18446744073709551615")).codes(),
            "SK6107");
  EXPECT_EQ(opened(with_manifest(two, "member 2", "member 02")).codes(), "SK6103");
  EXPECT_EQ(opened(with_manifest(two, "member 2", "member +2")).codes(), "SK6103");
  EXPECT_EQ(opened(with_manifest(two, "member 2 ", "member 2  ")).codes(), "SK6103");
  std::string swapped = two;
  std::swap(swapped[swapped.size() - 1], swapped[swapped.size() - 2]);
  EXPECT_EQ(opened(swapped).codes(), "SK6106 SK6106");
  // Only one of the two digests.
  const std::string sm3 = pack::hex(pack::digests_of("y").sm3);
  EXPECT_EQ(opened(with_manifest(two, sm3, pack::hex(pack::digests_of("z").sm3))).codes(),
            "SK6106");
}

TEST_F(Hostile, a_manifest_has_one_form) {
  const std::string one = file_with({{"a", "x"}});
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"name small\n", ""},
      {"name small\n", "name small\nname small\n"},
      {"name small\nversion 1\n", "version 1\nname small\n"},
      {"name small", "name "},
      {"name small", "name two words"},
      {"name small", "name  small"},
      {"name small", "name ../small"},
      {"name small", "name .."},
      {"name small", "name Small"},
      {"name small", "name small."},
      {"name small", "name a/b"},
      {"name small", "name 小"},
      {"rules 1", "rules 1\nproofs 12"},
      {"rules 1", "surprise 1"},
      {"rules 1\n", "rules 1\n\n"},
      {"rules 1\n", "rules 1\r\n"},
      {"layer national\n", "layer national\nfrom a b\n"},
      {"member", "Member"},
  };
  for (const auto& [from, to] : changes) {
    const std::string codes = opened(with_manifest(one, from, to)).codes();
    EXPECT_TRUE(codes == "SK6103" || codes == "SK6108") << from << " " << to << codes;
  }
}

TEST_F(Hostile, what_is_too_much_is_refused_before_it_is_looked_at) {
  const std::string one = file_with({{"a", "xxxx"}, {"b", "y"}});
  const auto with = [&](auto set) {
    pack::Limits limits;
    set(limits);
    return opened(one, nullptr, noon, limits).codes();
  };
  EXPECT_EQ(with([](pack::Limits&) {}), "");
  EXPECT_EQ(with([&](pack::Limits& limits) { limits.bytes = one.size() - 1; }), "SK6107");
  EXPECT_EQ(with([](pack::Limits& limits) { limits.manifest = 10; }), "SK6107");
  EXPECT_EQ(with([](pack::Limits& limits) { limits.members = 1; }), "SK6107");
  EXPECT_EQ(with([](pack::Limits& limits) { limits.member = 3; }), "SK6107");
  pack::Limits limits;
  limits.signatures = 1;
  EXPECT_EQ(opened(bytes_, nullptr, noon, limits).codes(), "SK6107");
}

TEST_F(Hostile, texts_are_what_they_look_like_and_tables_say_one_thing) {
  EXPECT_EQ(opened(file_with({{"rules.sanku", "rule \u202e"}})).codes(), "SK6108");
  EXPECT_EQ(opened(file_with({{"a.md", "zero\u200bwidth"}})).codes(), "SK6108");
  EXPECT_EQ(opened(file_with({{"pack.toml", "x\xff"}})).codes(), "SK6108");
  const Opened good = opened(bytes_);
  Members members;
  for (const auto& [name, text] : good.file->members)
    members.emplace(name, text);
  const auto change = [&](const std::string& name, std::optional<std::string> text) {
    Members changed = members;
    changed.erase(name);
    if (text)
      changed.emplace(name, *text);
    return opened(file_with(changed)).codes();
  };
  EXPECT_EQ(change("knowledge/most.csv", "code,most\nA1,2\nA2,3\nB7,9\n"), "SK6109");
  EXPECT_EQ(change("knowledge/most.csv", "code,most\r\nA1,2\nA2,3\nB7,1\n"), "SK6108");
  EXPECT_EQ(change("knowledge/most.csv", "code,most\n\"A1\",2\nA2,3\nB7,1\n"), "SK6109");
  EXPECT_EQ(change("knowledge/most.columns", {}), "SK6110");
  EXPECT_EQ(change("knowledge/most.csv", {}), "SK6110");
}

TEST_F(Hostile, the_loader_says_no_where_manifest_and_pack_disagree) {
  const Opened good = opened(bytes_);
  Members members;
  for (const auto& [name, text] : good.file->members)
    members.emplace(name, text);
  const auto load = [&](std::vector<pack::Fact> changed) {
    Opened made = opened(pack::write(FileKind::pack, std::move(changed), members));
    const auto rules = engine::read_rules(std::move(*made.file), "small.pack");
    return codes_of((*rules)->diagnostics);
  };
  std::vector<pack::Fact> changed = good.file->manifest.facts;
  EXPECT_EQ(load(changed), "");
  changed[0].value = "other";
  EXPECT_EQ(load(changed), "SK6113");
  changed = good.file->manifest.facts;
  changed[1].value = "9";
  EXPECT_EQ(load(changed), "SK6113");
  // What lies on another pack says so in the manifest.
  members.insert_or_assign(
      "pack.toml", "base = \"../x\"\nlanguage = \"1\"\nname = \"small\"\nversion = \"1\"\n");
  EXPECT_EQ(load(good.file->manifest.facts), "SK6113");
}

// Signed or not: only what the builder writes, as it writes it.
TEST_F(Hostile, the_reader_takes_no_other_layout_and_no_other_member) {
  const Opened good = opened(bytes_);
  const auto load = [&](const std::string& name, const std::string& text) {
    Members members;
    for (const auto& [each, bytes] : good.file->members)
      members.emplace(each, bytes);
    members.insert_or_assign(name, text);
    Opened made = opened(pack::write(FileKind::pack, good.file->manifest.facts, members));
    const auto rules = engine::read_rules(std::move(*made.file), "small.pack");
    return codes_of((*rules)->diagnostics);
  };
  const auto text = [&](const std::string& name) {
    return std::string(*pack::member(*good.file, name));
  };
  EXPECT_EQ(load("rules.sanku", text("rules.sanku")), "");
  EXPECT_EQ(load("rules.sanku", text("rules.sanku") + "\n"), "SK6112");
  EXPECT_EQ(load("rules.sanku", "  " + text("rules.sanku")), "SK6112");
  EXPECT_EQ(load("schema/tiny.sanku", text("schema/tiny.sanku") + "\n"), "SK6112");
  EXPECT_EQ(load("pack.toml", text("pack.toml") + "# checked\n"), "SK6112");
  EXPECT_EQ(load("pack.toml", "\n" + text("pack.toml")), "SK6112");
  for (const char* name : {"evil.sh", "zz.txt", "reports/zz.txt", "reports/zz.json",
                           "other/pack.toml", "tests.txt", "a.md"})
    EXPECT_EQ(load(name, "x"), "SK6104") << name;
}

TEST_F(Hostile, a_pack_is_built_of_names_that_every_system_has) {
  const auto codes = [&](const std::string& name, const std::string& more) {
    const PackFolder folder;
    write_small(folder);
    std::ifstream file(folder.path("pack.toml"), std::ios::binary);
    std::string toml{std::istreambuf_iterator<char>(file), {}};
    toml.replace(toml.find("small"), 5, name);
    folder.write("pack.toml", toml);
    if (!more.empty())
      folder.write(more, "// 空\n");
    const auto made = build(folder.path(), {});
    EXPECT_EQ(made->bytes.empty(), diag::has_errors(made->rules->diagnostics));
    return codes_of(made->rules->diagnostics);
  };
  EXPECT_EQ(codes("small", "更多-1.sanku"), "");
  EXPECT_EQ(codes("zhejiang.2026_a-1", ""), "");
  EXPECT_EQ(codes("../my", ""), "SK1204");
  EXPECT_EQ(codes("小", ""), "SK1204");
  EXPECT_EQ(codes("small", "Я.sanku"), "SK6104");
  EXPECT_EQ(codes("small", "straße.sanku"), "SK6104");
  EXPECT_EQ(codes("small", "a b.sanku"), "SK6104");
}

// Names that a reader takes for one another: of a folder a warning, of what becomes a file, and of
// a file whoever signed it, an error.
TEST_F(Hostile, names_that_look_alike_are_neither_built_nor_loaded) {
  const Opened good = opened(bytes_);
  const std::string one_more = "rule RO1 \"二\" { category policy basis law on item when "
                               "item.quantity > 90 report violation \"多\" }\n";
  const std::vector<std::string> texts = {"param cap = 3\nparam c\u03b1p = 4\n",
                                          "set cap : ItemCode = { \"A1\" }\nparam c\u03b1p = 4\n",
                                          "source raw / 甲 \"甲\"\nsource r\u03b1w / 乙 \"乙\"\n",
                                          one_more + "rule R01" + one_more.substr(8)};
  for (const std::string& text : texts) {
    Members members;
    for (const auto& [name, bytes] : good.file->members)
      members.emplace(name, bytes);
    members.insert_or_assign("more.sanku", text);
    folder_.write("more.sanku", text);
    const auto folder = engine::read_rules(folder_.path());
    EXPECT_EQ(codes_of((*folder)->diagnostics), "SK2165") << text;
    EXPECT_TRUE(engine::is_ready(**folder)) << "a folder is told, and goes on";
    const auto made = build(folder_.path(), {});
    EXPECT_EQ(codes_of(made->rules->diagnostics), "SK2165");
    EXPECT_TRUE(made->bytes.empty()) << text;
    Opened file = opened(pack::write(FileKind::pack, good.file->manifest.facts, members));
    const auto loaded = engine::read_rules(std::move(*file.file), "small.pack");
    EXPECT_EQ(codes_of((*loaded)->diagnostics), "SK2165");
    EXPECT_FALSE(engine::is_ready(**loaded)) << text;
  }
}

// From a file on disk, as a command takes it: the root is needed, and the file is looked at by
// name.
TEST_F(Hostile, commands_take_no_file_that_nobody_vouches_for) {
  folder_.write("small.pack", bytes_);
  folder_.write("trust.root", pack::root_text(root_));
  folder_.write("notes", "SANKU?");
  const auto load = [&](const std::string& name, const std::string& trust) {
    const auto rules = engine::read_rules(
        folder_.path(name),
        {.trust = {.root = trust.empty() ? std::string() : folder_.path(trust), .now = noon}});
    return codes_of((*rules)->diagnostics);
  };
  EXPECT_EQ(load("small.pack", "trust.root"), "");
  EXPECT_EQ(load("small.pack", ""), "SK6210");
  EXPECT_EQ(load("small.pack", "absent"), "SK6211");
  EXPECT_EQ(load("small.pack", "rules.sanku"), "SK6211");
  std::ofstream(testing::TempDir() + "stray.pack") << "nothing of the kind";
  const auto stray =
      engine::read_rules(testing::TempDir() + "stray.pack", {.trust = {.root = {}, .now = noon}});
  EXPECT_EQ(codes_of((*stray)->diagnostics), "SK6101");
  std::filesystem::remove(testing::TempDir() + "stray.pack");
  const Opened base = opened(bytes_);
  const std::string delta =
      signed_by(pack::make_delta(*base.file, *base.file), {{"author", &keys_.author}});
  folder_.write("small.delta", delta);
  EXPECT_EQ(load("small.delta", "trust.root"), "SK6111");
}

// A code that no test expects says what nobody has seen.
TEST(PackCodes, each_is_expected_by_a_test) {
  std::string tests;
  for (const auto& entry : std::filesystem::directory_iterator("tests/unit/tools")) {
    std::ifstream file(entry.path(), std::ios::binary);
    tests.append(std::istreambuf_iterator<char>(file), {});
  }
  std::size_t count = 0;
  for (const diag::Row& row : diag::rows)
    if (row.number / 100 >= 61 && row.number / 100 <= 64) {
      ++count;
      EXPECT_NE(tests.find(fmt::format("SK{}", row.number)), std::string::npos) << row.number;
    }
  EXPECT_GT(count, 30u);
}

// What compiles too long runs by the evaluator: no code comes of a start that may take no time.
TEST_F(Hostile, compiling_has_an_end) {
  const auto rules = engine::read_rules(std::move(*opened(bytes_).file), "small.pack");
  ASSERT_TRUE(rules && engine::is_ready(**rules));
  for (const double seconds : {-1.0, 300.0}) {
    const auto started = engine::start(
        **rules, {.level = jit::Level::optimised, .most_seconds = seconds, .warn = {}});
    ASSERT_TRUE(started);
    EXPECT_EQ(started->image == nullptr, seconds < 0);
    const auto run = engine::run_tests(**rules, {}, {.most_seconds = seconds});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->is_compiled, seconds > 0);
    ASSERT_EQ(run->results.size(), 1u);
    EXPECT_TRUE(run->results[0].failures.empty());
    for (const auto& [language, words] :
         {std::pair(Language::en, "only the evaluator"), std::pair(Language::zh, "仅由解释执行")}) {
      const std::string told = engine::test_report(**rules, *run, {}, {.language = language});
      EXPECT_EQ(told.find(words) != told.npos, seconds < 0) << told;
    }
  }
}

} // namespace
} // namespace sanku::deploy
