using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference;

/// <summary>Stops the server at the start if the manifest cannot be read or does not contain the profile.</summary>
internal sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        try
        {
            var manifest = ModelManifest.Load(options.ManifestPath());
            _ = options.IsAutoProfile ? manifest.Ranked()[0] : manifest.Profile(options.Profile);
            return ValidateOptionsResult.Success;
        }
        catch (ManifestException error)
        {
            return ValidateOptionsResult.Fail(error.Message);
        }
    }
}
