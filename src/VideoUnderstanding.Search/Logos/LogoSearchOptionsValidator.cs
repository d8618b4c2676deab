using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Stops the server at start if the configured brand list does not exist.</summary>
internal sealed class LogoSearchOptionsValidator : IValidateOptions<LogoSearchOptions>
{
    public ValidateOptionsResult Validate(string? name, LogoSearchOptions options)
        => options.BrandWordsFile is { } file && !File.Exists(file)
            ? ValidateOptionsResult.Fail($"{LogoSearchOptions.Section}:BrandWordsFile names {file}, but there is no such file.")
            : ValidateOptionsResult.Success;
}
