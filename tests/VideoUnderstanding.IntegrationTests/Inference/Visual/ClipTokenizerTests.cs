using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Visual;

/// <summary>The ids of the first line are published. A separate script computed the others by the merge rules of merges.txt.</summary>
[Trait("Needs", "Assets")]
public sealed class ClipTokenizerTests
{
    private const int Start = 49406, End = 49407;

    [Theory]
    [InlineData("a photo of a cat", 320, 1125, 539, 320, 2368)]
    [InlineData("A  Photo\nof a\tCAT ", 320, 1125, 539, 320, 2368)]
    [InlineData("don't stop 2024!!", 847, 713, 1691, 273, 271, 273, 275, 748)]
    [InlineData("he'll we've", 797, 1342, 649, 1200)]
    [InlineData("O'Brien's 3\u00bd km\u00b2", 334, 262, 13504, 568, 274, 33613, 4590, 41175)]
    [InlineData("it's caf\u00e9", 585, 568, 15304)]
    [InlineData("cafe\u0301", 15304)]
    [InlineData("\u65e5\u672c\u8a9e \ud83d\ude00 hello-world", 39121, 44353, 34002, 508, 7334, 3306, 268, 1002)]
    [InlineData("na\u00efve...", 1097, 35689, 563, 678)]
    [InlineData("xqzzyvw", 87, 80, 21275, 13250)]
    [InlineData("")]
    public void Texts_become_the_tokens_of_clip(string text, params int[] expected)
    {
        var ids = new long[77];

        var count = Tokenizer(77, null).Encode(text, ids);

        Assert.Equal([Start, .. expected.Select(id => (long)id), End], ids[..count]);
        Assert.All(ids[count..], id => Assert.Equal(End, id));
    }

    [Fact]
    public void A_text_that_is_too_long_is_truncated_and_keeps_its_end_token()
    {
        var ids = new long[77];

        var count = Tokenizer(77, null).Encode(string.Join(' ', Enumerable.Repeat("cat", 200)), ids);

        Assert.Equal(77, count);
        Assert.Equal([Start, .. Enumerable.Repeat(2368L, 75), End], ids);
    }

    [Fact]
    public void Another_context_length_and_padding_token_are_used()
    {
        var ids = new long[8];

        Tokenizer(8, 0).Encode("cat", ids);

        Assert.Equal([Start, 2368, End, 0, 0, 0, 0, 0], ids);
    }

    [Fact]
    public void Token_ids_are_those_of_the_reference_implementation()
    {
        var tokenizer = Tokenizer(77, null);

        Assert.All(ReferenceValues.Texts, reference =>
        {
            var ids = new long[77];
            Assert.Equal(reference.Clip, ids[..tokenizer.Encode(reference.Text, ids)]);
        });
    }

    private static ClipTokenizer Tokenizer(int context, int? padding)
    {
        var folder = AssetsFolder.File("models/clip-standin");
        return ClipTokenizer.Load(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), context, padding);
    }
}
