using System.Text.Json;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.UnitTests.TestAssets;

public sealed class BytePairVocabularyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vocabulary-").FullName;

    [Theory]
    [InlineData("</w>")]
    [InlineData("")]
    public void Words_with_common_letters_stay_whole(string wordEnd)
    {
        string[] words = ["red", "green", "greet", "reed", "gr", "edge"];
        var vocabulary = new BytePairVocabulary(wordEnd);
        foreach (var word in words)
            vocabulary.AddWord(word);
        vocabulary.Write(_folder);

        Assert.All(words, word => Assert.Equal([word + wordEnd], Split(word, wordEnd)));
        Assert.NotEqual(["reden" + wordEnd], Split("reden", wordEnd));
    }

    /// <summary>Byte-pair encoding as published: the pair of the lowest rank is joined first, anywhere in the word.</summary>
    private List<string> Split(string word, string wordEnd)
    {
        var ranks = File.ReadLines(Path.Combine(_folder, "merges.txt")).Skip(1).Index().ToDictionary(line => line.Item, line => line.Index);
        var ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(_folder, "vocab.json")))!;
        var symbols = word.Select(letter => letter.ToString()).ToList();
        symbols[^1] += wordEnd;
        while (true)
        {
            var pairs = Enumerable.Range(0, symbols.Count - 1).Where(i => ranks.ContainsKey($"{symbols[i]} {symbols[i + 1]}")).ToList();
            if (pairs.Count == 0)
                break;
            var first = pairs.MinBy(i => ranks[$"{symbols[i]} {symbols[i + 1]}"]);
            symbols[first] += symbols[first + 1];
            symbols.RemoveAt(first + 1);
        }
        Assert.All(symbols, symbol => Assert.True(ids.ContainsKey(symbol)));
        return symbols;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
