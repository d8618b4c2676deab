using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Logos;

/// <summary>The fields of createGalleryLogo.</summary>
internal sealed record LogoForm(string Name, byte[] Picture)
{
    public const string NameField = "name";
    public const string FileField = "file";

    private const int MaxNameBytes = 4 * 1024;

    /// <exception cref="ApiException">The form is malformed, or a field is missing, invalid or too large.</exception>
    public static async Task<LogoForm> ReadAsync(HttpRequest request, int maxPictureBytes, CancellationToken cancellationToken)
    {
        var form = await SmallForm.ReadAsync(
            request, new Dictionary<string, int> { [NameField] = MaxNameBytes, [FileField] = maxPictureBytes }, cancellationToken);
        if (new[] { NameField, FileField }.Where(name => form.Bytes(name) is null).ToArray() is { Length: > 0 } missing)
            throw new ApiException(ApiError.Missing(missing));
        var brand = form.Text(NameField)!;
        return LogoGallery.CheckName(brand) is { } wrong ? throw new ApiException(ApiError.Invalid(NameField, wrong))
            : new LogoForm(brand, form.Bytes(FileField)!);
    }
}
