using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.StillPictures;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Embeds the logos of an account with the visual model of a generation, so that its regions can be compared with them.</summary>
public sealed class LogoEmbedding(VideoDbContext db, PictureReader reader, DataFolder folder, IOptions<MediaToolOptions> media)
{
    /// <summary>Does nothing for an index without the option logo.</summary>
    public async Task FillAsync(VideoIndex index, ModelSet models, CancellationToken cancellationToken)
    {
        if (index.Options.Contains(IndexOptions.Logo) && models.Role(ModelRole.VisualText)?.ModelId is { } model)
            await LogoVectorStore.FillAsync(db, index.AccountId, model, (file, token) => EmbedAsync(file, models, token),
                cancellationToken);
    }

    private async Task<float[]?> EmbedAsync(byte[] file, ModelSet models, CancellationToken cancellationToken)
    {
        if (PictureKind.Detect(file) is not { } kind)
            return null;
        // FFmpeg reads files only.
        var path = folder.NewTemporaryPath();
        try
        {
            await File.WriteAllBytesAsync(path, file, cancellationToken);
            var picture = await reader.ReadAsync(path, kind, media.Value.MaxPixels, cancellationToken);
            return (await models.Visual.EmbedFramesAsync([LogoSquare.Create(picture)], cancellationToken))[0];
        }
        catch (MediaException)
        {
            return null;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
