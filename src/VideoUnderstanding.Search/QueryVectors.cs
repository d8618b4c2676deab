using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Search;

/// <summary>What is looked for as vectors, and what their cosines mean.</summary>
public interface IQueryVectors
{
    /// <summary>A unit vector to compare with frames.</summary>
    /// <exception cref="ModelUnavailableException">There is no visual model.</exception>
    Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken);

    /// <summary>The same for several texts at once, in their order.</summary>
    /// <exception cref="ModelUnavailableException">There is no visual model.</exception>
    Task<float[][]> ForFramesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.WhenAll(texts.Select(text => ForFramesAsync(text, cancellationToken)));

    /// <summary>A unit vector to compare with spoken and shown text.</summary>
    /// <exception cref="ModelUnavailableException">There is no text model.</exception>
    Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken);

    /// <summary>The same for several texts at once, in their order.</summary>
    /// <exception cref="ModelUnavailableException">There is no text model.</exception>
    Task<float[][]> ForTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.WhenAll(texts.Select(text => ForTextAsync(text, cancellationToken)));

    /// <summary>A picture as a unit vector, to compare with frames and their parts.</summary>
    /// <exception cref="ModelUnavailableException">There is no visual model.</exception>
    Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken);

    /// <summary>Cosine with a frame to score.</summary>
    ScoreCurve FrameScores { get; }

    /// <summary>Cosine with a text to score.</summary>
    ScoreCurve TextScores { get; }
}

/// <summary>The vectors of the configured models.</summary>
public sealed class ModelQueryVectors(ModelSet models) : IQueryVectors
{
    public async Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken)
        => (await models.Visual.EmbedTextsAsync([text], cancellationToken))[0];

    public Task<float[][]> ForFramesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => models.Visual.EmbedTextsAsync(texts, cancellationToken);

    public Task<float[][]> ForTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => models.Text.EmbedQueriesAsync(texts, cancellationToken);

    public async Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
        => (await models.Visual.EmbedFramesAsync([picture], cancellationToken))[0];

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => models.Text.EmbedQueryAsync(text, cancellationToken);

    public ScoreCurve FrameScores => models.Scores(ModelRole.VisualText);

    public ScoreCurve TextScores => models.Scores(ModelRole.TextEmbedding);
}
