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
        try
        {
            var picture = await reader.ReadAsync(file, folder.NewTemporaryPath(), kind, media.Value.MaxPixels, cancellationToken);
            return (await models.Visual.EmbedFramesAsync([LogoSquare.Create(picture)], cancellationToken))[0];
        }
        catch (MediaException)
        {
            return null;
        }
    }
}
