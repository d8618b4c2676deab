using System.Numerics.Tensors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Pictures;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Pooling;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation;

/// <summary>Runs the queries of a set on the index of its videos.</summary>
internal sealed class QueryRunner(IServiceProvider services, EvaluationIndex index)
{
    /// <summary>Results of the search itself.</summary>
    /// <param name="threshold">As in a request.</param>
    public async Task<IReadOnlyList<QueryOutcome>> SearchAsync(
        IReadOnlyList<EvaluationQuery> queries, MatchLevel threshold, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var outcomes = new List<QueryOutcome>();
        foreach (var query in queries)
        {
            var found = await FindAsync(scope.ServiceProvider, query, threshold, cancellationToken);
            outcomes.Add(
                new QueryOutcome(query,
                    [.. found.Select(clip => new Answer(index.Files[clip.VideoId], clip.Start, clip.End, clip.Score))]));
        }
        return outcomes;
    }

    /// <summary>Embeds the picture of a query.</summary>
    /// <exception cref="EvaluationSetException">The file is not a readable picture.</exception>
    public static async Task<PictureVector> EmbedAsync(
        PictureSearch search, string indexId, EvaluationQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await search.EmbedAsync(indexId, await File.ReadAllBytesAsync(query.PicturePath!, cancellationToken), cancellationToken);
        }
        catch (MediaException unreadable)
        {
            throw new EvaluationSetException($"{query.PicturePath}: {unreadable.Message}");
        }
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(
        IServiceProvider scope, EvaluationQuery query, MatchLevel threshold, CancellationToken cancellationToken)
    {
        if (query.PicturePath is null)
            return await scope.GetRequiredService<VideoSearch>().FindAsync(
                new SearchQuery(index.Id, new TextQuery(query.Text, [query.ApiOption], query.Matching), Threshold: threshold),
                cancellationToken);
        var search = scope.GetRequiredService<PictureSearch>();
        var picture = await EmbedAsync(search, index.Id, query, cancellationToken);
        // Null only after a switch of the index to other models.
        return (await search.FindAsync(new PictureQuery(index.Id, picture, threshold), cancellationToken))!;
    }

    /// <summary>Results of simpler pooling methods on the same stored frames, by the names of the methods.</summary>
    /// <param name="queries">Queries of the visual option.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<QueryOutcome>>> PoolAsync(
        IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        var vectors = services.GetRequiredService<IQueryVectors>();
        var tracks = await TracksAsync(cancellationToken);
        var texts = await vectors.ForFramesAsync([.. queries.Select(query => query.Text)], cancellationToken);
        return PoolingMethod.All.ToDictionary(method => method.Name,
            method => (IReadOnlyList<QueryOutcome>)[.. queries.Select((query, i) => new QueryOutcome(query,
                [.. tracks.SelectMany(
                        track => method.Apply(track, texts[i]).Select(clip => (track.File, clip.Start, clip.End, clip.Cosine)))
                    .OrderByDescending(clip => clip.Cosine)
                    .Select(clip => new Answer(clip.File, clip.Start, clip.End, MatchLevels.Round(100 * Math.Max(0, clip.Cosine))))]))]);
    }

    /// <summary>Ranks videos by their best frame: by the plain cosine, and by the cosine normalised by the generic captions.</summary>
    /// <param name="queries">Queries of the visual option.</param>
    public async Task<IReadOnlyList<GroupFigures>> BestFramesAsync(
        IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        if (queries.Count == 0)
            return [];
        var vectors = services.GetRequiredService<IQueryVectors>();
        var tracks = await TracksAsync(cancellationToken);
        var texts = await vectors.ForFramesAsync([.. queries.Select(query => query.Text)], cancellationToken);
        var bank = await vectors.BankOfAsync(EvidenceRole.Visual, cancellationToken);
        var levels = tracks.SelectMany(track => track.Frames).ToDictionary(frame => frame.Vector, frame => bank.StatisticsOf(frame.Vector));
        double Cosine(StoredFrame frame, float[] text) => TensorPrimitives.CosineSimilarity(frame.Vector, text);
        double NormalizedScore(StoredFrame frame, float[] text)
            => (Cosine(frame, text) - levels[frame.Vector].Mean) / Math.Max(levels[frame.Vector].Spread, 1e-6);
        var interval = 1 / services.GetRequiredService<IOptions<FrameSamplingOptions>>().Value.FramesPerSecond;
        GroupFigures FiguresFor(string name, Func<StoredFrame, float[], double> evidence) => BestFrames.Figures(name,
            [.. queries.Select((query, i)
                => new QueryOutcome(query, BestFrames.Rank(tracks, interval, frame => evidence(frame, texts[i]))))]);
        return [FiguresFor(BestFrames.Cosine, Cosine), FiguresFor(BestFrames.NormalizedScore, NormalizedScore)];
    }

    private async Task<IReadOnlyList<FrameTrack>> TracksAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var frames = await scope.ServiceProvider.GetRequiredService<VideoDbContext>().Frames.AsNoTracking()
            .Where(frame => frame.IndexId == index.Id)
            .OrderBy(frame => frame.VideoId).ThenBy(frame => frame.Start).ToListAsync(cancellationToken);
        return [.. frames.GroupBy(frame => frame.VideoId).Where(video => index.Files.ContainsKey(video.Key))
            .Select(video => new FrameTrack(index.Files[video.Key],
                [.. video.Select(frame => new StoredFrame(frame.Start, frame.End, frame.Shot, Singles(frame.Embedding)))]))];
    }

    private static float[] Singles(HalfVector vector) => Array.ConvertAll(vector.ToArray(), value => (float)value);
}
