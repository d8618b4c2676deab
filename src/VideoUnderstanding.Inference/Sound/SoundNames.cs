using System.Numerics.Tensors;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Text;

namespace VideoUnderstanding.Inference.Sound;

/// <summary>Compares texts with the names of the sound classes. The role has its own sentence model, independent of the profile's text
/// model.</summary>
public sealed class SoundNames : IDisposable
{
    private readonly TextEmbedder _text;
    private readonly Lock _lock = new();
    private Task<float[][]>? _names;

    private SoundNames(TextEmbedder text, SoundClasses classes) => (_text, Classes) = (text, classes);

    public SoundClasses Classes { get; }

    /// <exception cref="ModelUnavailableException">A file does not load.</exception>
    /// <exception cref="ManifestException">A setting is missing, or a file does not fit the model.</exception>
    public static SoundNames Load(ManifestRole role, OnnxSessions sessions)
    {
        var classes = SoundClasses.Read(role.PathOf(role.SettingsNode.Get("class_names").NonEmptyText()));
        return new SoundNames(TextEmbedder.Load(role, sessions), classes);
    }

    /// <returns>For each text its cosine with the name of every class, in the order of the classes.</returns>
    public async Task<float[][]> CosinesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var names = await NamesAsync().WaitAsync(cancellationToken);
        var vectors = await _text.EmbedQueriesAsync(texts, cancellationToken);
        return [.. vectors.Select(vector => Array.ConvertAll(names, name => TensorPrimitives.Dot<float>(vector, name)))];
    }

    public void Dispose() => _text.Dispose();

    /// <summary>A failure is not cached, so the next call tries again.</summary>
    private Task<float[][]> NamesAsync()
    {
        lock (_lock)
        {
            if (_names is null or { IsFaulted: true } or { IsCanceled: true })
                // Not cancelled by the first caller, because others may wait. The model lower-cases text, so names are used unchanged.
                _names = Task.Run(() => _text.EmbedPassagesAsync(Classes.Names, CancellationToken.None), CancellationToken.None);
            return _names;
        }
    }
}
