using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference;

/// <summary>A manifest that can not be read, or a profile it does not have, stops the server at start with a sentence.</summary>
internal sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        try
        {
            ModelManifest.Load(options.ManifestPath()).Profile(options.Profile);
            return ValidateOptionsResult.Success;
        }
        catch (ManifestException error)
        {
            return ValidateOptionsResult.Fail(error.Message);
        }
    }
}
