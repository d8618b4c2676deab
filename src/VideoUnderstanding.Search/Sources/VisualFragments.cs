using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Moments whose pictures fit a text: nearest frames choose the videos, and each video's whole curve is cut into
/// moments.</summary>
internal sealed class VisualFragments(ClipReader reader, IQueryVectors vectors, IOptions<VideoSearchOptions> options)
{
    /// <summary>Frames that stand for the ordinary picture of an index: of so many videos, so many each.</summary>
    internal const int SampledVideos = 20;
    internal const int SampledFrames = 100;

    /// <summary>Videos whose curves are read together.</summary>
    private const int VideosAtOnce = 50;

    private readonly VideoSearchOptions _limits = options.Value;

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, CancellationToken cancellationToken)
    {
        var query = await vectors.ForFramesAsync(text, cancellationToken);
        var map = vectors.ScoresOf(EvidenceRole.Visual);
        var background = await BackgroundAsync(scope, query, cancellationToken);
        var found = new List<FoundMoment>();
        await foreach (var (videoId, frames) in VideosAsync(scope, query, cancellationToken))
        {
            found.AddRange(Cut(frames, background).Select(moment => new FoundMoment(videoId, moment)));
            // Bounded while it grows: only the best can reach the answer.
            if (found.Count > 4 * _limits.Clips)
                found = Best(found);
        }
        found = Best(found);
        var levels = map.NeedsStanding ? await LevelsAsync(scope, found, cancellationToken) : null;
        var scores = new MomentScores(map, background);
        return [
            .. found.Select(
                one => scores.Fragment(one.VideoId, one.Moment,
                    levels is null ? null : frame => levels[new FramePlace(one.VideoId, frame.Start)]))
                .OrderByDescending(fragment => fragment.Score).ThenByDescending(fragment => fragment.Evidence?.Standing)];
    }

    internal static IReadOnlyList<Moment> Cut(IReadOnlyList<CurveFrame> frames, IndexBackground background, MomentShape? shape = null)
        => WholeSeconds.Of(MomentFinder.Find(frames, background.Median, shape), frames[^1].End);

    private readonly record struct FoundMoment(string VideoId, Moment Moment);

    private List<FoundMoment> Best(List<FoundMoment> found)
        => [.. found.OrderByDescending(one => one.Moment.Similarity).Take(_limits.Clips)];

    /// <summary>What the generic captions get on the frames that make the moments.</summary>
    private async Task<Dictionary<FramePlace, BankLevel>> LevelsAsync(
        SearchScope scope, IEnumerable<FoundMoment> found, CancellationToken cancellationToken)
    {
        var bank = await vectors.BankOfAsync(EvidenceRole.Visual, cancellationToken);
        HashSet<FramePlace> places = [
            .. found.SelectMany(one => one.Moment.Best.Select(best => new FramePlace(one.VideoId, best.Frame.Start)))];
        var levels = new Dictionary<FramePlace, BankLevel>(places.Count);
        await foreach (var (place, vector) in reader.FrameVectorsAtAsync(scope, places, cancellationToken))
            levels[place] = bank.LevelOf(vector);
        return levels;
    }

    /// <summary>From the whole index whatever the filter, so that a filter does not change the moments.</summary>
    private async Task<IndexBackground> BackgroundAsync(SearchScope scope, float[] query, CancellationToken cancellationToken)
        => IndexBackground.Of(await reader.SampleDistancesAsync(scope, query, SampledVideos, SampledFrames, cancellationToken));

    /// <summary>The curves of all videos of a small scope; of a large one, those of the videos with the nearest frames, the nearest first,
    /// as long as they have no more frames than the settings allow.</summary>
    private async IAsyncEnumerable<(string VideoId, CurveFrame[] Frames)> VideosAsync(
        SearchScope scope, float[] query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await reader.IsSmallAsync(SearchTable.Frames, scope, null, cancellationToken))
        {
            await foreach (var curve in reader.CurvesAsync(scope, query, cancellationToken))
                yield return curve;
            yield break;
        }
        var left = _limits.CurveFrames;
        foreach (var videos in (await reader.NearestVideosAsync(scope, query, cancellationToken)).Chunk(VideosAtOnce))
        {
            var curves = new Dictionary<string, CurveFrame[]>();
            var some = scope with { Filter = new([new Filters.VideoIsOneOf(videos)]) };
            await foreach (var (videoId, frames) in reader.CurvesAsync(some, query, cancellationToken))
                curves[videoId] = frames;
            foreach (var video in videos.Where(curves.ContainsKey))
            {
                if (left < curves[video].Length && left < _limits.CurveFrames)
                    yield break;
                left -= curves[video].Length;
                yield return (video, curves[video]);
            }
        }
    }
}
