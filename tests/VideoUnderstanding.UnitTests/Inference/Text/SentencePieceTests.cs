using System.Text.Json;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Text;
using VideoUnderstanding.Inference.Visual;

namespace VideoUnderstanding.UnitTests.Inference.Text;

public sealed class SentencePieceTests
{
    private static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Inference", "Text", "SentencePiece", name);

    public static TheoryData<string, long[], long[]> References()
    {
        var data = new TheoryData<string, long[], long[]>();
        using var reference = JsonDocument.Parse(System.IO.File.ReadAllBytes(File("reference.json")));
        foreach (var entry in reference.RootElement.EnumerateArray())
            data.Add(entry.GetProperty("text").GetString()!, Ids(entry.GetProperty("xlmr")), Ids(entry.GetProperty("siglip")));
        return data;
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Tokens_equal_those_of_the_reference_implementation(string text, long[] xlmRoberta, long[] siglip)
    {
        Assert.Equal(xlmRoberta, new XlmRobertaTokenizer(File("unigram.model"), 512).Encode(text));

        var tokenizer = new SiglipTokenizer(File("bpe.model"), contextLength: 128, padding: 0);
        var ids = new long[128];
        Assert.Equal(siglip, ids[..tokenizer.Encode(text, ids)]);
        Assert.All(ids[siglip.Length..], id => Assert.Equal(0, id));
    }

    [Fact]
    public void A_long_text_is_cut_and_keeps_its_end_token()
    {
        var text = string.Join(' ', Enumerable.Repeat("the index of the videos", 20));

        var cut = new XlmRobertaTokenizer(File("unigram.model"), 12).Encode(text);
        var whole = new XlmRobertaTokenizer(File("unigram.model"), 512).Encode(text);
        Assert.Equal([.. whole[..11], 2], cut);

        var ids = new long[16];
        Assert.Equal(16, new SiglipTokenizer(File("bpe.model"), 16, 0).Encode(text, ids));
        Assert.Equal(1, ids[^1]);
    }

    [Fact]
    public void A_vocabulary_with_other_special_tokens_is_refused()
    {
        var error = Assert.Throws<ManifestException>(() => new XlmRobertaTokenizer(File("bpe.model"), 512));

        Assert.Contains("is not a vocabulary of XLM-RoBERTa", error.Message, StringComparison.Ordinal);
    }

    private static long[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt64())];
}
