namespace VideoUnderstanding.Inference.Text;

/// <summary>Sentences as unit vectors.</summary>
public sealed class TextEmbedder
{
    public int Dimensions => throw new NotImplementedException();

    /// <summary>Vectors for sentences that will be found.</summary>
    public Task<float[][]> EmbedPassagesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The vector for a sentence that searches; some models want a prefix here, which the manifest gives.</summary>
    public Task<float[]> EmbedQueryAsync(string text, CancellationToken cancellationToken) => throw new NotImplementedException();
}
