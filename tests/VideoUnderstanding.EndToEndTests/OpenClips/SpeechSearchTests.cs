using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Every known phrase is found where it is spoken, and nothing is heard where nobody speaks.</summary>
[Trait("Needs", "Assets")]
[Collection(nameof(OpenClipCollection))]
public sealed class SpeechSearchTests
{
    private const double Tolerance = 0.5;
    private const int Limit = 10;
    private readonly OpenClipSet _set;

    public SpeechSearchTests(OpenClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    [Theory]
    [InlineData("semantic")]
    [InlineData("exact_match")]
    public async Task Every_phrase_is_found_in_each_clip_that_has_it(string conversationOption)
    {
        var missing = new List<string>();
        foreach (var clip in _set.Facts.Media.Where(clip => clip.Video.Count > 0))
            foreach (var phrase in clip.Speech)
            {
                var found = await _set.Api.SearchAsync(_set.Index, phrase.Text, "conversation", conversationOption, limit: Limit);
                if (!found.Any(hit => hit.VideoId == _set.Videos[clip.File] && Fits(hit, phrase)))
                    missing.Add($"{clip.File} {phrase}: {string.Join("; ", found.Select(hit => $"{hit.Start}-{hit.End} {hit.Text}"))}");
            }

        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [Theory]
    [InlineData("history of book printing", "predecessors of the true printed book")]
    [InlineData("what citizens can give to their nation", "your country")]
    [InlineData("a jewel thief", "crown jewels")]
    public async Task A_question_in_other_words_finds_the_phrase(string query, string part)
    {
        // The stand-in is rarely sure of a meaning, so the order counts and no threshold does.
        var found = await _set.Api.SearchAsync(_set.Index, query, "conversation", threshold: "none", limit: Limit);

        Assert.Contains(found, hit => hit.Text!.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Nothing_is_heard_where_nobody_speaks()
    {
        foreach (var clip in _set.Facts.Media.Where(clip => clip.Video.Count > 0 && clip.Audio.Count > 0 && clip.Speech.Count == 0))
        {
            var answer = await _set.Api.GetAsync($"indexes/{_set.Index}/videos/{_set.Videos[clip.File]}/transcription");
            Assert.Equal(JsonValueKind.Null, answer.Body.GetProperty("data").ValueKind);
        }
    }

    private static bool Fits(FoundClip hit, TimedText phrase) => Math.Abs(hit.Start - phrase.Start) <= Tolerance && Math.Abs(hit.End - phrase.End) <= Tolerance;
}
