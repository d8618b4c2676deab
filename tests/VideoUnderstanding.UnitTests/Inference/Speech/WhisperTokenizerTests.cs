using System.Text.Json;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class WhisperTokenizerTests : IDisposable
{
    private static readonly WhisperConfig Config = new()
    {
        EndOfText = 10, Start = 11, NoTimestamps = 15, MaxTokens = 448, EncoderPositions = 1500, Heads = 1, Width = 1, VocabularySize = 100,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("whisper-tokenizer-");

    [Fact]
    public void A_letter_spread_over_two_tokens_is_put_together()
    {
        // "é" is the bytes C3 A9; byte-level BPE writes them as Ã and ©.
        Write("vocab.json", new Dictionary<string, int> { ["caf"] = 0, ["Ã"] = 1, ["©"] = 2, ["Ġau"] = 3, ["Ġlait"] = 4 });

        Assert.Equal("café au lait", WhisperTokenizer.Load(_folder.FullName, Config).Decode([0, 1, 2, 3, 4]));
    }

    [Fact]
    public void Special_tokens_are_known_by_name_and_give_no_text()
    {
        Write("vocab.json", new Dictionary<string, int> { ["Ġhi"] = 0, ["<|endoftext|>"] = 10 });
        Write("added_tokens.json", new Dictionary<string, int> { ["<|startoftranscript|>"] = 11, ["<|nocaptions|>"] = 14, ["<|notimestamps|>"] = 15 });

        var tokenizer = WhisperTokenizer.Load(_folder.FullName, Config);

        Assert.Equal(14, tokenizer.NoSpeech);
        Assert.Equal(16, tokenizer.FirstTimestamp);
        Assert.Equal(11, tokenizer.Find("<|startoftranscript|>"));
        Assert.True(tokenizer.IsSpecial(10));
        Assert.False(tokenizer.IsSpecial(0));
        Assert.Equal(" hi", tokenizer.Decode([11, 16, 0, 20, 10]));
    }

    [Fact]
    public void The_first_time_is_taken_by_name_where_it_has_one()
    {
        Write("vocab.json", new Dictionary<string, int> { ["a"] = 0 });
        Write("added_tokens.json", new Dictionary<string, int> { ["<|nospeech|>"] = 13, ["<|0.00|>"] = 20 });

        var tokenizer = WhisperTokenizer.Load(_folder.FullName, Config);

        Assert.Equal((13, 20), (tokenizer.NoSpeech, tokenizer.FirstTimestamp));
    }

    [Fact]
    public void A_file_of_ranks_alone_is_enough()
    {
        File.WriteAllLines(Path.Combine(_folder.FullName, "multilingual.tiktoken"), [$"{Convert.ToBase64String("so"u8)} 0", $"{Convert.ToBase64String(" ü"u8)} 1"]);

        var tokenizer = WhisperTokenizer.Load(_folder.FullName, Config);

        Assert.Equal("so ü", tokenizer.Decode([0, 1]));
        Assert.Equal((14, 16), (tokenizer.NoSpeech, tokenizer.FirstTimestamp));
    }

    [Fact]
    public void All_bytes_come_back_from_their_letters()
    {
        // The 256 letters in the order of the bytes, as published vocabularies hold them at the ids 0 to 255 in another order.
        var letters = Enumerable.Range(0, 0x144).Select(code => ((char)code).ToString()).Where(letter => letter[0] > ' ' && letter[0] is not ('\u007f' or '\u00ad') && (letter[0] < 0x7f || letter[0] > 0xa0));
        Write("vocab.json", letters.Index().ToDictionary(item => item.Item, item => item.Index));

        var pieces = WhisperTokenizer.ParseVocabulary(File.ReadAllBytes(Path.Combine(_folder.FullName, "vocab.json")), []);

        Assert.Equal(256, pieces.Count);
        Assert.Equal(256, pieces.Values.Select(piece => piece.Single()).Distinct().Count());
        Assert.Contains(pieces.Values, piece => piece[0] == (byte)'\n');
    }

    [Fact]
    public void A_folder_without_a_vocabulary_is_named()
    {
        var error = Assert.Throws<ModelUnavailableException>(() => WhisperTokenizer.Load(_folder.FullName, Config));

        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, Dictionary<string, int> content) =>
        File.WriteAllText(Path.Combine(_folder.FullName, name), JsonSerializer.Serialize(content));

    public void Dispose() => _folder.Delete(recursive: true);
}
