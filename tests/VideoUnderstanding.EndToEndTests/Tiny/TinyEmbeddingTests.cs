using System.Text.Json;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Tiny;

/// <summary>The tiny models that compute vectors, run without the server.</summary>
public sealed class TinyEmbeddingTests(TinyModelFiles models) : IClassFixture<TinyModelFiles>
{
    private const int Size = 48;

    [Theory]
    [InlineData("red", "crimson")]
    [InlineData("green", "emerald")]
    [InlineData("blue", "navy")]
    public void A_picture_of_one_colour_is_similar_only_to_its_words(string name, string synonym)
    {
        var picture = Picture(TinyColours.Named(name));

        Assert.InRange(Tensors.Cosine(picture, Words(name)), 0.9f, 1);
        Assert.InRange(Tensors.Cosine(picture, Words(synonym)), 0.9f, 1);
        foreach (var other in TinyColours.All.Where(colour => colour.Name != name))
            Assert.InRange(Tensors.Cosine(picture, Words(other.Name)), -0.1f, 0.3f);
    }

    [Fact]
    public void A_sentence_without_a_colour_is_similar_to_no_picture()
    {
        var sentence = Words();

        Assert.All(TinyColours.All, colour => Assert.InRange(Tensors.Cosine(Picture(colour), sentence), -0.1f, 0.1f));
    }

    [Fact]
    public void Sentences_with_the_same_meaning_have_similar_vectors()
    {
        var spoken = Sentence("ship", "leaves", "noon");

        Assert.InRange(Tensors.Cosine(spoken, Sentence("boat", "departs", "midday")), 0.99f, 1);
        Assert.InRange(Tensors.Cosine(spoken, Sentence("bread", "costs", "coins")), -0.5f, 0.5f);
    }

    private float[] Picture(TinyColour colour)
    {
        float[] mean = [0.4f, 0.5f, 0.6f], deviation = [0.25f, 0.2f, 0.3f];
        byte[] channels = [colour.Red, colour.Green, colour.Blue];
        var pixels = new float[3 * Size * Size];
        for (var channel = 0; channel < 3; channel++)
            Array.Fill(pixels, (channels[channel] / 255f - mean[channel]) / deviation[channel], channel * Size * Size, Size * Size);
        using var session = models.Open("tiny-clip/onnx/vision_model.onnx");
        using var input = Tensors.Of(pixels, 1, 3, Size, Size);
        using var output = session.Run(new() { ["pixel_values"] = input }, "image_embeds");
        return output[0].Floats();
    }

    private float[] Words(params string[] words)
    {
        using var vocabulary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(models.Folder, "tiny-clip", "vocab.json")));
        long[] ids = [.. words.Select(word => word + "</w>").Prepend("<|startoftext|>").Append("<|endoftext|>")
            .Select(token => vocabulary.RootElement.GetProperty(token).GetInt64())];
        using var session = models.Open("tiny-clip/onnx/text_model.onnx");
        using var input = Tensors.Of(ids, 1, ids.Length);
        using var output = session.Run(new() { ["input_ids"] = input }, "text_embeds");
        return output[0].Floats();
    }

    private float[] Sentence(params string[] words)
    {
        var vocabulary = File.ReadAllLines(Path.Combine(models.Folder, "tiny-sentences", "vocab.txt")).ToList();
        long[] ids = [.. words.Prepend("[CLS]").Append("[SEP]").Select(word => (long)vocabulary.IndexOf(word))];
        using var session = models.Open("tiny-sentences/onnx/model.onnx");
        using var input = Tensors.Of(ids, 1, ids.Length);
        using var mask = Tensors.Of(Enumerable.Repeat(1L, ids.Length).ToArray(), 1, ids.Length);
        using var types = Tensors.Of(new long[ids.Length], 1, ids.Length);
        using var output = session.Run(new() { ["input_ids"] = input, ["attention_mask"] = mask, ["token_type_ids"] = types },
            "last_hidden_state");
        var hidden = output[0].Floats();
        var width = hidden.Length / ids.Length;
        return [.. Enumerable.Range(0, width).Select(i => Enumerable.Range(0, ids.Length).Average(token => hidden[token * width + i]))];
    }
}
