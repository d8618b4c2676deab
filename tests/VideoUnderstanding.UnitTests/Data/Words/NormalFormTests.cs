using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.UnitTests.Data.Words;

public sealed class NormalFormTests
{
    [Theory]
    [InlineData("Café", "Cafe\u0301")]
    [InlineData("Å", "\u212B")]
    [InlineData("ệ", "e\u0323\u0302")]
    [InlineData("ệ", "e\u0302\u0323")]
    [InlineData("한국어", "\u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165")]
    [InlineData("ＡＢＣ　１２３", "abc 123")]
    [InlineData("ｶﾞｷﾞ", "ガギ")]
    [InlineData("パス", "ハ\u309Aス")]
    [InlineData("ﬁnd", "FIND")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("οδος", "οδοσ")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("co\u00ADopera\u00ADtive", "cooperative")]
    [InlineData("a\u200Bb\u2060c\uFEFF", "abc")]
    [InlineData("İSTANBUL", "istanbul")]
    [InlineData("I\u0307stanbul", "istanbul")]
    [InlineData("ışık", "IŞIK")]
    [InlineData("don’t", "don't")]
    [InlineData("don‘t", "don`t")]
    [InlineData("donʼt", "don´t")]
    [InlineData("don＇t", "don't")]
    [InlineData("①", "1")]
    [InlineData("神", "\uFA19")]
    [InlineData("Ⅳ", "iv")]
    [InlineData("𝐀", "a")]
    public void Equivalent_spellings_have_the_same_normal_form(string one, string other)
        => Assert.Equal(NormalForm.Of(one), NormalForm.Of(other));

    [Theory]
    [InlineData("café", "cafe")]
    [InlineData("カ", "ガ")]
    [InlineData("はし", "ハシ")]
    [InlineData("a b", "ab")]
    [InlineData("schon", "schön")]
    public void Other_letters_stay_different(string one, string other) => Assert.NotEqual(NormalForm.Of(one), NormalForm.Of(other));

    [Fact]
    public void Normalization_is_idempotent()
    {
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 12).Select(_ => AnyRune(random)));
            var normal = NormalForm.Of(text);
            Assert.Equal(normal, NormalForm.Of(normal));
            Assert.Equal(normal, NormalForm.Composed(normal));
        }
    }

    [Fact]
    public void Composing_changes_neither_case_nor_width()
    {
        Assert.Equal("Größe Ａ don’t", NormalForm.Composed("Gro\u0308ße Ａ don’t"));
        Assert.Equal("x\uFFFD", NormalForm.Composed("x\uD800"));
    }

    [Fact]
    public void Marks_of_different_classes_commute_and_those_of_one_class_do_not()
    {
        Assert.Equal(NormalForm.Of("q\u0307\u0323"), NormalForm.Of("q\u0323\u0307"));
        Assert.NotEqual(NormalForm.Of("q\u0301\u0302"), NormalForm.Of("q\u0302\u0301"));
    }

    [Fact]
    public void Metadata_keeps_its_numbers_and_booleans()
        => Assert.Equal("""{"größe":12.50,"Ort":"cafe\u0301 ab","ok":true}""".Replace("e\\u0301", "é"),
            NormalFields.Of("""{"gro\u0308\u00DFe":12.50,"Ort":"CAFE\u0301 \uFF21\uFF22","ok":true}"""));

    private static string AnyRune(Random random)
    {
        (int First, int Last)[] blocks = [(0x20, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0xAC00, 0xD7A3), (0x1100, 0x11FF),
            (0x1E00, 0x1FFF), (0x2000, 0x2FFF), (0x3040, 0x33FF), (0xF900, 0xFAFF), (0xFB00, 0xFFEF), (0x1D400, 0x1D7FF)];
        var (first, last) = blocks[random.Next(blocks.Length)];
        return char.ConvertFromUtf32(random.Next(first, last + 1));
    }
}
