using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.StillPictures;

namespace VideoUnderstanding.Search.Pictures;

/// <summary>Decodes picture files from requests.</summary>
public sealed class PictureDecoder(DataFolder folder, PictureReader reader)
{
    /// <param name="maxBytes">Maximum size of the file.</param>
    /// <param name="maxPixels">Maximum pixels that the file may declare.</param>
    /// <exception cref="MediaException">The file is not a readable picture or is too large; the message can be shown to
    /// users.</exception>
    public async Task<StillPicture> DecodeAsync(byte[] file, int maxBytes, int maxPixels, CancellationToken cancellationToken)
    {
        var kind = PictureKind.Detect(file) ?? throw new MediaException($"The file is not a {PictureKind.Known} picture.");
        if (file.Length > maxBytes)
            throw new MediaException($"The picture has {file.Length} bytes; at most {maxBytes} are allowed.");
        return await reader.ReadAsync(file, folder.NewTemporaryPath(), kind, maxPixels, cancellationToken);
    }
}
