using System.Data;
using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace VideoUnderstanding.Data;

/// <summary>PostgreSQL functions on custom metadata, for queries only.</summary>
public static class MetadataFunctions
{
    /// <summary>Returns true if the path matches. A comparison of different types does not match and is no error.</summary>
    /// <param name="metadata">The jsonb column.</param>
    /// <param name="path">A PostgreSQL jsonpath, for example <c>$."shift" ? (@ &gt;= 3)</c>.</param>
    public static bool PathExists(JsonDocument? metadata, string path)
        => throw new InvalidOperationException("Only for use inside a query.");

    internal static void UseMetadataFunctions(this ModelBuilder model)
    {
        // PostgreSQL needs a cast of the parameter to jsonpath.
        var jsonPath = new StringTypeMapping("jsonpath", DbType.String);
        model.HasDbFunction(typeof(MetadataFunctions).GetMethod(nameof(PathExists))!).HasTranslation(arguments => new SqlFunctionExpression(
            "jsonb_path_exists",
            [arguments[0], new SqlUnaryExpression(ExpressionType.Convert, arguments[1], typeof(string), jsonPath)],
            nullable: true,
            argumentsPropagateNullability: [true, true],
            typeof(bool),
            typeMapping: null));
    }
}
