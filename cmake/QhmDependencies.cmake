# The libraries QHM stands on; tools/install-packages installs them on Debian 12.
find_package(PkgConfig REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(Threads REQUIRED)

pkg_check_modules(QHM_PACKAGES REQUIRED IMPORTED_TARGET
  openblas lapacke yaml-0.1 jansson sqlite3 libpng zlib freetype2 harfbuzz expat libxxhash
  nlopt)
find_library(QHM_LIBSVM NAMES svm REQUIRED)
find_library(QHM_CADICAL NAMES cadical REQUIRED) # static: it needs the C++ library
find_library(QHM_MATH NAMES m REQUIRED)

add_library(qhm_dependencies INTERFACE)
target_link_libraries(qhm_dependencies INTERFACE
  PkgConfig::QHM_PACKAGES OpenMP::OpenMP_C Threads::Threads ${QHM_LIBSVM} ${QHM_CADICAL} stdc++ ${QHM_MATH})
