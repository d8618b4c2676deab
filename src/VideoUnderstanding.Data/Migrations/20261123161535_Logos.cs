using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using Pgvector;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <inheritdoc />
    public partial class Logos : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "logo_regions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    index_id = table.Column<string>(type: "text", nullable: false),
                    video_id = table.Column<string>(type: "text", nullable: false),
                    start = table.Column<double>(type: "double precision", nullable: false),
                    end = table.Column<double>(type: "double precision", nullable: false),
                    left = table.Column<float>(type: "real", nullable: false),
                    top = table.Column<float>(type: "real", nullable: false),
                    width = table.Column<float>(type: "real", nullable: false),
                    height = table.Column<float>(type: "real", nullable: false),
                    embedding = table.Column<HalfVector>(type: "halfvec", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logo_regions", x => x.id);
                    table.ForeignKey(
                        name: "fk_logo_regions_video_id",
                        column: x => x.video_id,
                        principalTable: "videos",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "logos",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    picture = table.Column<byte[]>(type: "bytea", nullable: false),
                    media_type = table.Column<string>(type: "text", nullable: false),
                    embedding = table.Column<HalfVector>(type: "halfvec", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logos", x => x.id);
                    table.ForeignKey(
                        name: "fk_logos_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_logo_regions_index_id_video_id",
                table: "logo_regions",
                columns: new[] { "index_id", "video_id" });

            migrationBuilder.CreateIndex(
                name: "ix_logo_regions_video_id_start",
                table: "logo_regions",
                columns: new[] { "video_id", "start" });

            migrationBuilder.CreateIndex(
                name: "ix_logos_account_id_name",
                table: "logos",
                columns: new[] { "account_id", "name" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "logo_regions");

            migrationBuilder.DropTable(
                name: "logos");
        }
    }
}
