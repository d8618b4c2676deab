using System.Text.Json;
using VideoUnderstanding.Inference.Sound;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Sound;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Sound;

/// <summary>Selection of sound classes by queries, measured with two lists. The queries of the part "check" were written after the
/// rule.</summary>
public sealed class SoundIntentTests(StarterSound sound)
{
    [Theory]
    [InlineData("fit")]
    [InlineData("check")]
    public async Task At_most_one_of_thirty_picture_queries_selects_a_sound(string part)
    {
        List<string> queries = [.. Queries("pictures").Where(query => query.Part == part).Select(query => query.Text)];
        Assert.Equal(30, queries.Count);

        Assert.InRange((await SelectAsync(queries)).Count(selected => selected.Count > 0), 0, 1);
    }

    [Theory]
    [InlineData("fit")]
    [InlineData("check")]
    public async Task At_least_24_of_thirty_sound_queries_select_the_right_sound(string part)
    {
        var queries = Queries("sounds").Where(query => query.Part == part).ToList();
        Assert.Equal(30, queries.Count);
        var selected = await SelectAsync([.. queries.Select(query => query.Text)]);

        var wrong = queries.Zip(selected).Where(pair => pair.Second.Count == 0 || !pair.First.Classes.Contains(pair.Second[0].Number));

        Assert.True(wrong.Count() <= 6, string.Join('\n', wrong.Select(pair => pair.First.Text)));
    }

    [Fact]
    public async Task At_most_two_generic_captions_select_a_sound()
        => Assert.InRange((await SelectAsync(GenericCaptions.All)).Count(selected => selected.Count > 0), 0, 2);

    [Theory]
    [InlineData("a man is speaking to an audience")]
    [InlineData("people talking loudly")]
    [InlineData("a child speaks and is heard by everyone")]
    [InlineData("silence")]
    public async Task Speech_and_silence_are_never_selected(string query)
    {
        var classes = sound.Models.SoundNames.Classes;

        Assert.All((await SelectAsync([query]))[0], selected
            => Assert.False(classes.KindOf(selected.Number) is SoundKind.Speech or SoundKind.Ignored));
    }

    [Fact]
    public async Task A_class_whose_name_is_in_the_query_is_selected_beside_more_similar_ones()
    {
        var classes = sound.Models.SoundNames.Classes;

        Assert.Contains((await SelectAsync(["a bell is ringing"]))[0], selected => classes.Names[selected.Number] == "Bell");
    }

    [Fact]
    public void Every_name_in_the_list_of_kinds_is_a_class_of_the_model()
        => Assert.Empty(SoundClasses.ListedNames.Except(sound.Models.Sound.Classes.Names));

    private async Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SelectAsync(IReadOnlyList<string> queries)
    {
        var names = sound.Models.SoundNames;
        var cosines = await names.CosinesAsync(queries, TestContext.Current.CancellationToken);
        return [.. queries.Zip(cosines, (text, row) => SoundIntent.Of(text, row, names.Classes))];
    }

    private static IEnumerable<(string Text, string Part, int[] Classes)> Queries(string list)
        => JsonElement.Parse(File.ReadAllBytes(ProjectFolder.File("benchmarks/quality/sound-queries.json")))
            .GetProperty(list).EnumerateArray()
            .Select(query => (query.GetProperty("query").GetString()!, query.GetProperty("part").GetString()!,
                query.TryGetProperty("classes", out var classes) ? classes.EnumerateArray().Select(number => number.GetInt32()).ToArray()
                    : []));
}
