using System.Data;
using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>Conditions on custom metadata that use functions and operators of PostgreSQL.</summary>
public static class MetadataQueries
{
    /// <summary>Returns true if the path matches. A comparison of different types does not match and is no error.</summary>
    /// <param name="metadata">The jsonb column.</param>
    /// <param name="path">A PostgreSQL jsonpath, for example <c>$."shift" ? (@ &gt;= 3)</c>.</param>
    public static bool PathExists(JsonDocument? metadata, string path)
        => throw new InvalidOperationException("Only for use inside a query.");

    /// <summary>Returns videos whose custom metadata contains one of two JSON objects. Containment uses the GIN index. The objects must be
    /// in the format of <see cref="Words.NormalFields"/>.</summary>
    public static IQueryable<Video> WithMetadata(this IQueryable<Video> videos, string one, string other)
        => videos.Where(video => EF.Functions.JsonContains(video.NormalCustomMetadata!, one)
            || EF.Functions.JsonContains(video.NormalCustomMetadata!, other));

    /// <summary>Adds <see cref="PathExists"/> to the model.</summary>
    internal static void UseMetadataFunctions(this ModelBuilder model)
    {
        // PostgreSQL needs a cast of the parameter to jsonpath.
        var jsonPath = new StringTypeMapping("jsonpath", DbType.String);
        model.HasDbFunction(typeof(MetadataQueries).GetMethod(nameof(PathExists))!).HasTranslation(arguments => new SqlFunctionExpression(
            "jsonb_path_exists",
            [arguments[0], new SqlUnaryExpression(ExpressionType.Convert, arguments[1], typeof(string), jsonPath)],
            nullable: true,
            argumentsPropagateNullability: [true, true],
            typeof(bool),
            typeMapping: null));
    }
}
