using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace VideoUnderstanding.Data.Configurations;

/// <summary>Stores enums as lower-case text, as in the API.</summary>
internal static class LowerCase
{
    public static ValueConverter<T, string> Of<T>() where T : struct, Enum
        => new(value => value.ToString().ToLowerInvariant(), text => Enum.Parse<T>(text, true));
}
