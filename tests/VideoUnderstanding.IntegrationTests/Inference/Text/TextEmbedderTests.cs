using System.Numerics.Tensors;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Text;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Text;

/// <summary>Sentence embeddings with the committed weights.</summary>
public sealed class TextEmbedderTests(StarterModels models)
{
    [Theory]
    [InlineData("a car drives down the road", "an automobile travels on the street", 0.6, 1)]
    [InlineData("a car drives down the road", "the chef is cooking pasta", -0.2, 0.2)]
    [InlineData("history of book printing", "the earliest book printed with movable types, the Gutenberg Bible", 0.4, 1)]
    [InlineData("history of book printing", "ask not what your country can do for you", -0.2, 0.2)]
    public async Task Texts_with_a_similar_meaning_have_a_high_cosine(string one, string other, double min, double max)
    {
        var vectors = await models.Set.Text.EmbedPassagesAsync([one, other], default);

        Assert.InRange(TensorPrimitives.Dot<float>(vectors[0], vectors[1]), min, max);
    }

    [Fact]
    public async Task Vectors_agree_with_the_weights_in_full_precision()
    {
        var texts = ReferenceValues.Texts;

        var vectors = await models.Set.Text.EmbedPassagesAsync([.. texts.Select(text => text.Text)], default);

        var cosines = texts.Zip(vectors, (text, vector) => TensorPrimitives.CosineSimilarity<float>(text.MinilmVector, vector)).ToList();
        // The committed weights have 8 bits. An empty text, a word repeated forty times and a row of punctuation differ slightly more than
        // sentences.
        Assert.All(cosines, cosine => Assert.InRange(cosine, 0.996, 1.0001));
        Assert.InRange(cosines.Count(cosine => cosine >= 0.999), texts.Count - 3, texts.Count);
    }

    [Fact]
    public void Token_ids_are_those_of_the_reference_implementation()
    {
        var pieces = new WordPieces(Vocabulary, lowerCase: true, maxLength: 256);

        Assert.All(ReferenceValues.Texts, text => Assert.Equal(text.Minilm, pieces.Encode(text.Text)));
    }

    [Fact]
    public async Task Vectors_are_returned_in_order_and_do_not_depend_on_padding()
    {
        string[] texts = [.. Enumerable.Range(0, 70)
            .Select(i => string.Join(' ', Enumerable.Range(i, 1 + i * 13 % 29).Select(word => $"word{word}")))];

        var together = await models.Set.Text.EmbedPassagesAsync(texts, default);

        for (var i = 0; i < texts.Length; i += 7)
        {
            var alone = await models.Set.Text.EmbedQueryAsync(texts[i], default);
            Assert.InRange(TensorPrimitives.Dot<float>(together[i], alone), 0.9999, 1.0001);
        }
    }

    [Fact]
    public async Task A_text_longer_than_the_context_is_truncated()
    {
        var vector = await models.Set.Text.EmbedQueryAsync(string.Join(' ', Enumerable.Repeat("printing", 5000)), default);

        Assert.Equal(384, vector.Length);
    }

    // A separate script computed the ids from the vocabulary and BERT's published rules.
    [Theory]
    [InlineData("a car drives down the road", 1037, 2482, 9297, 2091, 1996, 2346)]
    [InlineData("Caf\u00e9 D\u00e9j\u00e0-vu, na\u00efve!", 7668, 2139, 3900, 1011, 24728, 1010, 15743, 999)]
    [InlineData("don't stop", 2123, 1005, 1056, 2644)]
    [InlineData("a+b=<c>|`~^", 1037, 1009, 1038, 1027, 1026, 1039, 1028, 1064, 1036, 1066, 1034)]
    [InlineData("so\u00adft zero\u200bwidth", 3730, 5717, 9148, 11927, 2232)]
    [InlineData("\u65e5\u672c text", 1864, 1876, 3793)]
    [InlineData("\ud55c\uad6d \u00c5ngstr\u00f6m $5.00", 1469, 30006, 30021, 29991, 30014, 30020, 17076, 15687, 1002, 1019, 1012, 4002)]
    public void Texts_become_berts_word_pieces(string text, params int[] expected)
    {
        var pieces = new WordPieces(Vocabulary, lowerCase: true, maxLength: 32);

        Assert.Equal([101, .. expected.Select(id => (long)id), 102], pieces.Encode(text));
    }

    [Fact]
    public void A_separator_inside_a_text_is_read_as_characters()
    {
        var pieces = new WordPieces(Vocabulary, lowerCase: true, maxLength: 32);

        Assert.Equal(1, pieces.Encode("one [SEP] two").Count(id => id == 102));
    }

    [Fact]
    public async Task The_check_reports_vector_length_and_device()
    {
        var result = await models.Check.CheckAsync(ModelRole.TextEmbedding, default);

        Assert.Equal((null, 384, "CPU"), (result.Failure, result.VectorLength, result.Provider));
    }

    private static string Vocabulary => ProjectFolder.File("models/starter/text/vocab.txt");
}
