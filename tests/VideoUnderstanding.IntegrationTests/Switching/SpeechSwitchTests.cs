using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>Transcripts of an index that switches to another speech model. The stored transcript of a clip with real speech is replaced by
/// a synthetic sentence that represents the text of an earlier model.</summary>
public sealed class SpeechSwitchTests(DatabaseTemplate template)
{
    private const string Wide = TinyModels.WideProfile, Voice = TinyModels.VoiceProfile, Earlier = "Text of an earlier model.";

    [Fact]
    public async Task Requested_transcription_takes_effect_with_the_switch_and_not_before()
    {
        await using var bench = await CreateAsync();
        var spoken = await TextsAsync(bench, 0);
        await WriteEarlierAsync(bench);
        List<string>? during = null;

        Assert.True(await bench.SwitchAsync(Voice, _ => during ??= TranscriptAsync(bench).GetAwaiter().GetResult(), speech: true));

        Assert.Equal([Earlier], during);
        Assert.Equal(spoken, await TranscriptAsync(bench));
        Assert.Contains(spoken, text => text.Contains("country", StringComparison.OrdinalIgnoreCase));
        Assert.True(await bench.SwitchAsync(null));
        Assert.Equal([Earlier], await TranscriptAsync(bench));
    }

    [Fact]
    public async Task Transcripts_are_kept_by_default_and_can_be_created_again_later()
    {
        await using var bench = await CreateAsync();
        var spoken = await TextsAsync(bench, 0);
        await WriteEarlierAsync(bench);

        Assert.True(await bench.SwitchAsync(Voice));
        Assert.Equal([Earlier], await TranscriptAsync(bench));
        Assert.False(await bench.SwitchAsync(Voice));
        Assert.Contains("./vu models prune",
            (await Assert.ThrowsAsync<ModelSwitchException>(() => bench.SwitchAsync(Voice, speech: true))).Message,
            StringComparison.Ordinal);
        await bench.PruneAsync();

        Assert.True(await bench.SwitchAsync(Voice, speech: true));

        Assert.Equal(spoken, await TranscriptAsync(bench));
        Assert.False(await bench.SwitchAsync(Voice, speech: true));
        Assert.True(await bench.SwitchAsync(null));
        Assert.Equal([Earlier], await TranscriptAsync(bench));
    }

    [Fact]
    public async Task Transcripts_are_kept_with_the_same_speech_model_or_if_the_user_provided_them()
    {
        await using var bench = await CreateAsync();
        await bench.AddVideoAsync();
        await WriteEarlierAsync(bench);

        Assert.True(await bench.SwitchAsync(Wide, speech: true));
        Assert.Equal([Earlier, "The ship leaves at noon."], await TranscriptAsync(bench));
        await bench.PruneAsync();
        Assert.True(await bench.SwitchAsync(Voice, speech: true));
        Assert.Contains("The ship leaves at noon.", await TranscriptAsync(bench));
        Assert.DoesNotContain(Earlier, await TranscriptAsync(bench));
    }

    [Fact]
    public async Task An_interrupted_switch_continues_with_its_original_speech_option()
    {
        await using var bench = await CreateAsync();
        await WriteEarlierAsync(bench);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bench.SwitchAsync(Voice, _ => stop.Cancel(), stop.Token, speech: true));

        Assert.True(await bench.SwitchAsync(Voice));

        Assert.Equal(1, (await bench.ReadSetAsync()).Generation);
        Assert.DoesNotContain(Earlier, await TranscriptAsync(bench));
    }

    private async Task<SwitchBench> CreateAsync()
    {
        var bench = await SwitchBench.CreateAsync(template, videos: 0);
        var (_, task) = await bench.AddTaskAsync(AssetsFolder.File("media/jfk-inaugural.mp4"));
        await bench.Indexing.RunAsync(task.Id);
        Assert.Equal(TaskState.Ready, (await bench.Indexing.ReadAsync(task.Id)).State);
        return bench;
    }

    /// <summary>Replaces the transcript of the first video with the synthetic sentence.</summary>
    private static async Task WriteEarlierAsync(SwitchBench bench)
    {
        await using var db = bench.Rows.Open();
        var video = await db.Videos.OrderBy(row => row.Id).FirstAsync();
        var speech = db.TextSegments.Where(row => row.VideoId == video.Id && row.Source == TextSource.Speech);
        await speech.Where(row => row.Number > 0).ExecuteDeleteAsync();
        Assert.Equal(1, await speech.ExecuteUpdateAsync(row => row.SetProperty(column => column.Text, Earlier)));
    }

    private static async Task<List<string>> TranscriptAsync(SwitchBench bench)
        => await TextsAsync(bench, (await bench.ReadSetAsync()).Generation);

    private static async Task<List<string>> TextsAsync(SwitchBench bench, int generation)
    {
        await using var db = bench.Rows.Open();
        var tables = generation == 0 ? SearchTableNames.Shared : SearchTableNames.Dedicated(bench.Index.Id, generation);
        return await db.SegmentsIn(tables).Where(row => row.Source == TextSource.Speech).OrderBy(row => row.VideoId)
            .ThenBy(row => row.Number).Select(row => row.Text).ToListAsync();
    }
}
